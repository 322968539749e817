// Forms: unsaved changes, double submits, counters, secrets.
const written = form => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'request-id')).toString();
const begun = new WeakMap();
const dirty = form => begun.has(form) && written(form) !== begun.get(form);
function enable(button, may) {
  if (may) button.removeAttribute('aria-disabled');
  else button.setAttribute('aria-disabled', 'true');
}

fresh(() => all('form[data-guard]').forEach(form => {
  if (begun.has(form)) return;
  // A form that comes back with errors was changed already.
  begun.set(form, one('.has-error, #errors', form.parentElement) ? '?' : written(form));
  all('[data-save]', form).forEach(button => enable(button, dirty(form)));
}));
document.addEventListener('input', ({ target }) => {
  const form = target.closest('form');
  if (form && begun.has(form)) all('[data-save]', form).forEach(button => enable(button, dirty(form)));
  if (target.dataset.type) all('footer .btn:not([data-dialog-close])', form).forEach(button => enable(button, target.value.trim() === target.dataset.type));
  const counter = target.id && one(`[data-counter="${CSS.escape(target.id)}"]`);
  if (!counter) return;
  const length = [...target.value].length;
  counter.textContent = `${length}/${target.maxLength}`;
  counter.hidden = length < target.maxLength * .9;
});
fresh(() => all('[data-type]').forEach(input => all('footer .btn:not([data-dialog-close])', input.form).forEach(button => enable(button, input.value === input.dataset.type))));

// A search box above many choices hides those that do not match.
document.addEventListener('input', ({ target }) => {
  if (target.dataset.narrow === undefined) return;
  const words = target.value.trim().toLowerCase();
  all('.check', target.closest('fieldset')).forEach(choice => { choice.hidden = !choice.textContent.toLowerCase().includes(words); });
});
// A switch that does not go with a choice is off and greyed while that is ticked.
function exclude() {
  all('[data-off-with]').forEach(toggle => {
    const ticked = !!one(`input[type=checkbox][value="${CSS.escape(toggle.dataset.offWith)}"]:checked`, toggle.form);
    if (ticked) toggle.checked = false;
    toggle.disabled = ticked;
  });
}
document.addEventListener('change', exclude);
fresh(exclude);

let leaving = false;
addEventListener('beforeunload', event => {
  const unsaved = all('form[data-guard]').some(dirty);
  const secret = one('[data-secrets]') && !one('[data-saved]').checked;
  if (!leaving && (unsaved || secret)) event.preventDefault();
});

// One submit is enough: the button is busy until the answer is there.
on('submit', 'form[data-busy]', (form, event) => {
  if (form.dataset.busy) return event.preventDefault();
  leaving = true;
  form.dataset.busy = 'yes';
  (event.submitter ?? one('.btn.primary', form))?.setAttribute('aria-busy', 'true');
  if (event.submitter?.dataset.saves !== undefined) setTimeout(rest, +event.submitter.dataset.saves || 10000); // a file comes, and no page after it
});
function rest() {
  leaving = false;
  all('form[data-busy="yes"]').forEach(form => { form.dataset.busy = ''; });
  all('form .btn[aria-busy]').forEach(button => button.removeAttribute('aria-busy'));
}
addEventListener('pageshow', rest);
document.addEventListener('htmx:finally:request', rest);

on('click', '[data-reveal]', button => {
  const input = document.getElementById(button.dataset.reveal), show = button.getAttribute('aria-pressed') !== 'true';
  button.setAttribute('aria-pressed', show);
  if ('secret' in input.dataset) input.classList.toggle('shown', show);
  else input.type = show ? 'text' : 'password';
});
on('click', '[data-download]', button => {
  const box = button.closest('.secret'), facts = all('dl > div', box).map(row => `${one('dt', row).textContent}: ${one('dd', row).textContent.trim()}`);
  const text = [...facts, `${one('label', box).textContent}: ${one('input', box).value}`, ''].join('\r\n');
  const link = Object.assign(document.createElement('a'), { download: box.dataset.file, href: URL.createObjectURL(new Blob([text], { type: 'text/plain' })) });
  link.click();
  URL.revokeObjectURL(link.href);
});

// A message that the reader sends himself, with the link that has to stay in it: it
// opens in his mail program, or goes to the clipboard when its address would be
// longer than data-letter says.
on('click', '[data-letter]', async (by, event) => {
  const field = name => by.closest('form').elements[name]?.value ?? '', text = field('message').replace(/\r?\n/g, '\r\n');
  const address = `mailto:${encodeURIComponent(field('recipient-email'))}?subject=${encodeURIComponent(field('subject'))}&body=${encodeURIComponent(text)}`;
  const without = !text.includes(field('link'));
  if (!without && by.href && address.length <= +by.dataset.letter) { by.href = address; return; }
  event.preventDefault();
  if (without) return say(by.dataset.without, 'danger');
  await navigator.clipboard.writeText(text);
  say(by.dataset.copied);
});
