// Keys (portal 0.6). They are off in text fields, in dialogs and by choice.
let before = '';

const press = key => one(`[data-key="${key}"]:not([aria-disabled="true"])`);
const row = () => document.activeElement?.closest('[data-table] tbody tr');

function step(by) {
  const rows = all('[data-table] tbody tr'), now = rows.indexOf(row() ?? one('[data-table] tr[aria-current]'));
  const next = rows[Math.max(0, Math.min(rows.length - 1, now + by))];
  if (!next) return;
  focusRow(next);
  if (one('#pane:not([hidden])') && next.closest('[data-pane]')) openPane(next);
}

const does = {
  '/': () => (one('[data-list-search]') ?? press('/'))?.focus(),
  '?': () => one('#keys')?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  a: () => press('a')?.click(),
  x: () => press('x')?.click(),
  n: () => press('n')?.click(),
  f: () => press('f')?.click(),
  e: () => press('e')?.click(),
  r: () => (press('r') ? press('r').click() : location.reload()),
};

document.addEventListener('keydown', event => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || one('dialog:modal')) return;
  if (key === 'Escape' && !one(':popover-open') && closePane()) return event.preventDefault();
  if (target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]')) return;
  // These work on a row that has the focus and so are no shortcuts to switch off.
  const here = target.closest('[data-table] tbody tr'), onRow = here === target;
  if ((key === 'ArrowDown' || key === 'ArrowUp') && here) step(key === 'ArrowDown' ? 1 : -1);
  else if (key === 'Enter' && (onRow || target.closest('tbody .pick'))) here.closest('[data-pane]') ? openPane(here) : one('a', here)?.click();
  else if (key === ' ' && onRow) one('.pick input', here)?.click();
  else if (document.body.dataset.keys === 'off') return;
  else if (before === 'g' && document.body.hasAttribute('data-go-' + key)) location.assign(document.body.getAttribute('data-go-' + key));
  else if (does[key]) does[key]();
  else { before = key === 'g' ? 'g' : ''; return; }
  before = '';
  event.preventDefault();
});
