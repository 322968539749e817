// Comfort for a page that works without it. This file: events, the choices of
// the reader, popups, toasts, copying, dialogs and the details pane.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// on handles an event for every element that matches, now and later.
function on(type, selector, handle, capture = false) {
  document.addEventListener(type, event => {
    const element = event.target.closest?.(selector);
    if (element) handle(element, event);
  }, capture);
}

// fresh runs now and after htmx has put something new into the page.
function fresh(run) {
  run();
  document.addEventListener('htmx:after:swap', run);
}

on('click', '[aria-disabled="true"]', (_, event) => { event.preventDefault(); event.stopImmediatePropagation(); }, true);

// Theme, folded navigation and keys hold at once; the server remembers them.
on('submit', '.profile-choices, .nav-fold', (form, event) => {
  const { name, value } = event.submitter ?? {};
  if (name === 'theme') {
    if (value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    all('button[name="theme"]', form).forEach(b => b.setAttribute('aria-pressed', b === event.submitter));
  } else if (name === 'nav') {
    document.body.dataset.nav = value;
    event.submitter.value = value === 'folded' ? 'open' : 'folded';
  } else return;
  event.preventDefault();
  fetch(form.action, { method: 'POST', body: new URLSearchParams([...new FormData(form), [name, value]]), redirect: 'manual', keepalive: true }).catch(offline);
});

// Browsers without anchored popups get a place by hand.
if (!CSS.supports('position-area', 'block-end')) {
  document.addEventListener('toggle', event => {
    const popup = event.target;
    if (event.newState !== 'open' || !popup.matches('.popup')) return;
    const by = one(`[popovertarget="${popup.id}"]`).getBoundingClientRect();
    popup.style.position = 'fixed';
    popup.style.top = Math.min(by.bottom, Math.max(0, innerHeight - popup.offsetHeight - 8)) + 'px';
    popup.style.left = Math.max(4, Math.min(by.left, innerWidth - popup.offsetWidth - 8)) + 'px';
  }, true);
}

// Commands that do not fit move into the menu behind "…".
function fit(bar) {
  const main = one('.commands-main', bar), more = one('.commands-more', bar), list = one('.popup', more);
  main.append(...all('[data-moved]', list));
  more.hidden = !list.children.length;
  const wraps = () => main.children.length > 1 && main.offsetHeight > main.firstElementChild.offsetHeight * 1.5;
  while (wraps()) {
    more.hidden = false;
    main.lastElementChild.dataset.moved = '';
    list.prepend(main.lastElementChild);
  }
}
const fitting = new ResizeObserver(entries => entries.forEach(e => fit(e.target)));
fresh(() => all('.commands').forEach(bar => fitting.observe(bar)));

// Toasts of success leave by themselves, unless somebody is reading them.
fresh(() => all('.toast:not([data-seen])').forEach(toast => {
  toast.dataset.seen = '';
  if (/danger|warning|blocked/.test(toast.dataset.toast)) return;
  const leave = () => {
    if (toast.matches(':hover, :focus-within')) return setTimeout(leave, 2000);
    toast.classList.add('leaving');
    setTimeout(() => toast.remove(), 200);
  };
  setTimeout(leave, 5000);
}));
function say(text, tone = 'info') {
  const toast = document.createElement('div');
  toast.className = `toast ${tone}`;
  toast.dataset.toast = toast.dataset.seen = tone;
  toast.textContent = text;
  one('#toasts')?.append(toast);
  setTimeout(() => toast.remove(), tone === 'info' ? 3000 : 10000);
}
const offline = () => say(one('#dialogs').dataset.offline, 'danger');
document.addEventListener('htmx:error', event => { if (event.detail.ctx) offline(); });

on('click', '[data-close]', button => button.closest(button.dataset.close).remove());
on('click', '[data-copy], [data-copy-from]', async button => {
  await navigator.clipboard.writeText(button.dataset.copy ?? document.getElementById(button.dataset.copyFrom).value);
  say(button.dataset.copied);
});
on('pointerover', 'time[datetime]', time => { time.title ||= new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: 'full', timeStyle: 'long' }); });

// Dialogs: the address of a dialog is a page; here only its dialog is taken.
on('click', 'a[data-dialog], button[data-dialog]', (by, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const into = { target: '#dialogs', swap: 'innerHTML', select: 'dialog', source: by.form ?? document.body };
  htmx.ajax(by.getAttribute('formmethod') ?? 'get', by.getAttribute('formaction') ?? by.href, into);
});
on('click', '[data-open]', button => { button.closest('[popover]')?.hidePopover(); document.getElementById(button.dataset.open).showModal(); });
on('click', 'dialog:modal [data-dialog-close]', (link, event) => { event.preventDefault(); link.closest('dialog').close(); });
on('click', 'dialog:modal', (dialog, event) => { if (event.target === dialog && !one('[data-type], form[data-guard]', dialog)) outside(dialog, event); });
function outside(dialog, { clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) dialog.close();
}
fresh(() => {
  for (const dialog of all('#dialogs > dialog[open]:not(:modal)')) {
    dialog.removeAttribute('open');
    dialog.showModal();
    dialog.addEventListener('close', () => dialog.remove());
  }
  one('[data-focus]:not([data-focused])')?.focus();
  all('[data-focus]').forEach(element => { element.dataset.focused = ''; });
});

// An answer without what we asked for (signed out, refused) is shown whole.
document.addEventListener('htmx:before:swap', event => {
  const { ctx } = event.detail;
  const wanted = ctx.select && !new DOMParser().parseFromString(ctx.text, 'text/html').querySelector(ctx.select);
  if (!wanted) return;
  event.preventDefault();
  if (ctx.request.method === 'GET') location.assign(ctx.request.action);
  else if (ctx.response.status === 401) location.reload();
  else offline();
});
// Empty fields need no place in the address of a list.
document.addEventListener('htmx:config:request', event => {
  const { request } = event.detail.ctx;
  if (request.method === 'GET') for (const [name, value] of [...request.body ?? []]) if (value === '') request.body.delete(name);
});

// The details pane. A row has the focus while its pane is open, so that the
// arrows lead on from it.
let opener;
function focusRow(row) {
  row.tabIndex = -1;
  row.focus();
}
function openPane(row) {
  const table = row.closest('[data-pane]'), url = new URL(table.dataset.pane, location);
  url.searchParams.set('open', row.id.slice(table.id.length + 1));
  all('tr[aria-current]', table).forEach(other => other.removeAttribute('aria-current'));
  row.setAttribute('aria-current', 'true');
  opener = row;
  htmx.ajax('GET', url.pathname + url.search, { target: '#pane', select: '#pane', swap: 'outerHTML', replace: 'true' });
}
function closePane() {
  const pane = one('#pane:not([hidden])'), close = pane && one('[data-pane-close]', pane);
  if (!close) return false;
  history.replaceState(history.state, '', close.href);
  pane.hidden = true;
  pane.replaceChildren();
  all('tr[aria-current]').forEach(row => row.removeAttribute('aria-current'));
  if (opener?.isConnected) opener.focus();
  return true;
}
// The bell opens what is new in the pane, over whatever stands there.
on('click', '[data-panel]', (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  opener = link;
  const here = location.pathname + location.search;
  htmx.ajax('GET', `${link.dataset.panel}?back=${encodeURIComponent(here)}`, { target: '#pane', select: '#pane', swap: 'outerHTML' }).then(() => one('#pane')?.focus());
});
on('click', '[data-pane-close]', (_, event) => { event.preventDefault(); closePane(); });

function widen(width) {
  width = Math.round(Math.max(320, Math.min(640, width)));
  document.body.style.setProperty('--pane', width + 'px');
  one('.pane-grip')?.setAttribute('aria-valuenow', width);
  localStorage.setItem('pane', width);
}
fresh(() => { const kept = localStorage.getItem('pane'); if (kept && one('.pane-grip')) widen(+kept); });
on('pointerdown', '.pane-grip', (grip, event) => {
  const right = grip.parentElement.getBoundingClientRect().right, from = event.clientX;
  grip.setPointerCapture(event.pointerId);
  grip.onpointermove = move => widen(right - move.clientX);
  grip.onpointerup = up => {
    grip.onpointermove = grip.onpointerup = null;
    if (Math.abs(up.clientX - from) < 3) widen(grip.parentElement.offsetWidth < 520 ? 640 : 400);
  };
});
on('keydown', '.pane-grip', (grip, event) => {
  const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
  if (step) widen(grip.parentElement.offsetWidth + step);
});

// An address of the older portal names its page behind "#", which only the browser
// knows: the server is asked again with it.
const moved = one('[data-moved-to]');
if (moved) {
  const to = new URL(location), page = /^#(\/[^?]*)/.exec(to.hash);
  to.hash = '';
  if (page) to.searchParams.set('ref', page[1]);
  location.replace(page ? to : moved.dataset.movedTo);
}
