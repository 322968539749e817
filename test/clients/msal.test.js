// MSAL for Node against an installation, with nothing changed but the authority.
// A test of the server starts this one and says in the environment where it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfidentialClientApplication, PublicClientApplication } from '@azure/msal-node';
import { Browser } from './browser.js';

const env = name => process.env[`COMPTOIR_${name}`] ?? assert.fail(`COMPTOIR_${name} is not set`);
const origin = env('ORIGIN'), scopes = ['https://api.partnercenter.microsoft.com/.default'];
const authority = `${origin}/${env('TENANT')}`, knownAuthorities = [new URL(origin).host];
const secret = () => new ConfidentialClientApplication({ auth: { clientId: env('APP'), clientSecret: env('SECRET'), authority, knownAuthorities } });
const certificate = () => new ConfidentialClientApplication({
  auth: { clientId: env('APP'), clientCertificate: { thumbprintSha256: env('THUMBPRINT'), privateKey: env('KEY') }, authority, knownAuthorities },
});
const desktop = () => new PublicClientApplication({ auth: { clientId: env('DESKTOP'), authority, knownAuthorities } });

const read = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

// knows asks the API who the bearer of a token is.
async function knows(token) {
  const answer = await fetch(`${origin}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  return answer.json();
}

for (const [name, client] of Object.entries({ secret, certificate })) {
  test(`an application with a ${name}`, async () => {
    const app = client();
    const first = await app.acquireTokenByClientCredential({ scopes });
    assert.equal((await knows(first.accessToken)).App, env('APP'));
    assert.equal(read(first.accessToken).tid, env('TENANT'));
    const again = await app.acquireTokenByClientCredential({ scopes });
    assert.equal(again.fromCache, true);
    assert.equal(again.accessToken, first.accessToken);
  });
}

test('a wrong secret is refused', async () => {
  const app = new ConfidentialClientApplication({ auth: { clientId: env('APP'), clientSecret: 'wrong', authority, knownAuthorities } });
  await assert.rejects(app.acquireTokenByClientCredential({ scopes }), error => error.errorCode === 'invalid_client' && /AADSTS7000215/.test(error.errorMessage));
});

test('an authorization code, silent renewal and another API', async () => {
  const app = secret(), redirectUri = env('CALLBACK');
  const address = await app.getAuthCodeUrl({ scopes, redirectUri, state: 'a b', prompt: 'select_account' });
  const { left } = await new Browser(origin).signIn(address, env('USER'), env('PASSWORD'));
  assert.equal(left.searchParams.get('state'), 'a b');
  const got = await app.acquireTokenByCode({ code: left.searchParams.get('code'), scopes, redirectUri });
  assert.equal((await knows(got.accessToken)).UserName, env('USER'));
  assert.equal(got.account.username, env('USER'));
  const cached = await app.acquireTokenSilent({ account: got.account, scopes });
  assert.equal(cached.fromCache, true);
  const renewed = await app.acquireTokenSilent({ account: got.account, scopes, forceRefresh: true });
  assert.equal(renewed.fromCache, false);
  assert.notEqual(renewed.accessToken, got.accessToken);
  await knows(renewed.accessToken);
  const graph = await app.acquireTokenSilent({ account: got.account, scopes: ['https://graph.microsoft.com/.default'] });
  assert.equal(read(graph.accessToken).aud, 'https://graph.microsoft.com');
});

test('a refresh token that was kept elsewhere', async () => {
  const form = { grant_type: 'password', client_id: env('APP'), client_secret: env('SECRET'), username: env('USER'), password: env('PASSWORD'), scope: `${scopes[0]} offline_access` };
  const kept = await (await fetch(`${authority}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) })).json();
  const got = await secret().acquireTokenByRefreshToken({ refreshToken: kept.refresh_token, scopes });
  assert.equal((await knows(got.accessToken)).UserName, env('USER'));
});

test('a device code', async () => {
  const browser = new Browser(origin);
  const got = await desktop().acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: async ({ verificationUri, userCode }) => {
      const address = `${verificationUri}?code=${userCode}`;
      const { page } = await browser.signIn(address, env('USER'), env('PASSWORD'));
      const csrf = /name="csrf" value="([^"]+)"/.exec(page)[1];
      await browser.open(verificationUri, { method: 'POST', body: new URLSearchParams({ csrf, code: userCode, decision: 'accept' }) });
    },
  });
  assert.equal((await knows(got.accessToken)).UserName, env('USER'));
});
