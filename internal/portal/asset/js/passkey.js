// Passkeys. A button with data-passkey ("get" or "create") asks data-options
// what the browser needs, lets the person use the key, and sends what came of
// it with its form. Browsers without passkeys never see the button.
const passkeys = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential.parseCreationOptionsFromJSON;
fresh(() => { if (passkeys) all('[data-passkey]').forEach(button => { button.hidden = false; }); });
on('click', '[data-passkey]', async button => {
  const { form } = button, kind = button.dataset.passkey;
  button.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(button.dataset.options, { method: 'POST', headers: { 'X-CSRF-Token': form.elements.csrf.value } });
    const given = await answer.json();
    if (given.location) return location.assign(given.location);
    if (given.refused) throw new Error(given.refused);
    const made = kind === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given.options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given) });
    form.elements.passkey.value = JSON.stringify(made.toJSON());
    form.elements['passkey-id'].value = given.id ?? '';
    form.submit();
  } catch (error) {
    button.removeAttribute('aria-busy');
    // A person who closed the browser's own dialog gets a general sentence, a refusal of ours its own.
    complain(form, error instanceof DOMException ? button.dataset.failed : error.message || button.dataset.failed);
  }
});
function complain(form, text) {
  let said = one('[data-complaint]', form);
  if (!said) {
    const field = document.createElement('div');
    field.className = 'field';
    said = field.appendChild(document.createElement('p'));
    said.dataset.complaint = '';
    said.className = 'error';
    said.setAttribute('role', 'alert');
    form.append(field);
  }
  said.textContent = text;
}
