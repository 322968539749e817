// Lists: selection, row clicks, column order and widths.
const picks = table => all('tbody .pick input', table);
let last;

function count(table) {
  const boxes = picks(table), picked = boxes.filter(box => box.checked).length, head = one('[data-pick-all]', table);
  if (head) {
    head.checked = picked > 0 && picked === boxes.length;
    head.indeterminate = picked > 0 && picked < boxes.length;
  }
  const bar = one('[data-selection]', table);
  if (bar) {
    bar.hidden = !picked;
    const words = one('[data-selected]', bar), everything = one('[data-all]', bar);
    words.textContent = `${words.dataset.selected} ${picked}`;
    if (everything && picked < boxes.length) everything.checked = false;
  }
  const barred = boxes.filter(box => box.checked).flatMap(box => (box.dataset.bars ?? '').split(' '));
  for (const command of all(`[data-needs][form="${table.id}-form"]`)) {
    const enough = { one: picked === 1, some: picked > 0, maybe: picked <= 1 }[command.dataset.needs];
    enable(command, enough && !barred.includes(command.dataset.bar));
  }
}
fresh(() => all('[data-table]').forEach(count));

function pick(table, box, checked, range) {
  const boxes = picks(table), from = boxes.indexOf(last), to = boxes.indexOf(box);
  if (range && from >= 0) boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(other => { other.checked = checked; });
  box.checked = checked;
  last = box;
  count(table);
}
on('click', 'tbody .pick input', (box, event) => pick(box.closest('[data-table]'), box, box.checked, event.shiftKey));
on('change', '[data-pick-all]', head => {
  const table = head.closest('[data-table]');
  picks(table).forEach(box => { box.checked = head.checked; });
  count(table);
});
on('click', '[data-unpick]', button => {
  const table = button.closest('[data-table]');
  picks(table).forEach(box => { box.checked = false; });
  count(table);
});

// A click on a row, not on something in it, opens its pane; with Ctrl or Shift it selects.
on('click', '[data-table] tbody tr', (row, event) => {
  if (event.target.closest('a, button, input, label, select, summary') || getSelection().toString()) return;
  const table = row.closest('[data-table]'), box = one('.pick input', row);
  if (event.target.closest('.pick') || (box && (event.ctrlKey || event.metaKey || event.shiftKey))) return box && pick(table, box, !box.checked, event.shiftKey);
  if (!table.dataset.pane) return;
  focusRow(row);
  openPane(row);
});

// The order of columns: drag, arrow keys, or a plain click to move up.
function move(item, to) {
  if (to < 0) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
}
on('keydown', '[data-move]', (grip, event) => {
  const to = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!to) return;
  event.preventDefault();
  move(grip.closest('li'), to);
  grip.focus();
});
on('pointerdown', '[data-move]', (grip, event) => {
  const item = grip.closest('li');
  let moved = false;
  grip.setPointerCapture(event.pointerId);
  grip.onpointermove = ({ clientY }) => {
    const box = item.getBoundingClientRect();
    if (clientY < box.top - 4) move(item, -1);
    else if (clientY > box.bottom + 4) move(item, 1);
    else return;
    moved = true;
  };
  grip.onpointerup = () => {
    grip.onpointermove = grip.onpointerup = null;
    if (!moved) move(item, -1);
  };
});

// Widths of columns stay with this browser.
const widths = table => JSON.parse(localStorage.getItem('widths:' + table.id) ?? '{}');
fresh(() => all('[data-table] thead th[data-col]').forEach(head => {
  const width = widths(head.closest('[data-table]'))[head.dataset.col];
  if (width) head.style.width = head.style.minWidth = width + 'px';
  if (one('.col-grip', head)) return;
  const grip = document.createElement('span');
  grip.className = 'col-grip';
  head.append(grip);
}));
on('pointerdown', '.col-grip', (grip, event) => {
  const head = grip.parentElement, table = head.closest('[data-table]'), start = head.offsetWidth, from = event.clientX;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  grip.onpointermove = ({ clientX }) => { head.style.width = head.style.minWidth = Math.max(48, start + clientX - from) + 'px'; };
  grip.onpointerup = () => {
    grip.onpointermove = grip.onpointerup = null;
    localStorage.setItem('widths:' + table.id, JSON.stringify({ ...widths(table), [head.dataset.col]: head.offsetWidth }));
  };
});
on('click', '[data-reset-widths]', link => localStorage.removeItem('widths:' + link.closest('[data-table]').id));
