// security keys: what the server asks is handed to the browser, what the key answers goes back in a form's field
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const readable = (asked) => {
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  const read = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) read.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.allowCredentials) read.allowCredentials = listed(asked.allowCredentials);
  if (asked.excludeCredentials) read.excludeCredentials = listed(asked.excludeCredentials);
  return read;
};

const sendable = ({ rawId, type, response }) => {
  const said = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"])
    if (response[part]) said[part] = text(response[part]);
  return JSON.stringify({ id: text(rawId), rawId: text(rawId), type, response: said });
};

for (const place of document.querySelectorAll("[data-touch]")) {
  const status = place.querySelector("[role=status]");
  const button = place.querySelector("button[type=button]");
  if (!window.PublicKeyCredential) {
    if (status.dataset.missing) status.textContent = status.dataset.missing;
    continue;
  }
  place.hidden = false;
  button.addEventListener("click", async () => {
    const publicKey = readable(JSON.parse(place.dataset.touch));
    status.textContent = status.dataset.waits;
    try {
      const ask = "touchNew" in place.dataset ? "create" : "get";
      const found = await navigator.credentials[ask]({ publicKey });
      place.querySelector("[name=touch]").value = sendable(found);
      status.textContent = status.dataset.done;
      if ("touchSubmit" in place.dataset) (place.form || place.closest("form")).requestSubmit();
    } catch {
      status.textContent = status.dataset.failed;
    }
  });
}
