// A browser as far as signing in needs one: it keeps cookies, follows redirects
// within the installation and sends forms.
export class Browser {
  #cookies = new Map();

  constructor(origin) { this.origin = origin; }

  async #fetch(address, init = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';'), at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }

  // open follows redirects until a page is shown or an address elsewhere is reached.
  async open(address, init) {
    for (let hop = 0; hop < 10; hop++) {
      if (!address.startsWith(this.origin + '/')) return { left: new URL(address) };
      const answer = await this.#fetch(address, init);
      init = undefined;
      const to = answer.headers.get('location');
      if (!to) return { at: address, status: answer.status, page: await answer.text() };
      address = new URL(to, address).href;
    }
    throw new Error(`too many redirects at ${address}`);
  }

  // signIn opens an address that asks for a sign-in, and gives name and password.
  async signIn(address, username, password) {
    const { at, page } = await this.open(address);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)[1];
    const action = /<form method="post" action="([^"]+)"/.exec(page)[1].replaceAll('&amp;', '&');
    return this.open(new URL(action, at).href, { method: 'POST', body: new URLSearchParams({ csrf, username, password }) });
  }
}
