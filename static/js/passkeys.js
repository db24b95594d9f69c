// Passkeys: a form marked data-passkey asks the device for one, and is sent with what the device answers.
// "get" shows one that is there, "create" adds one. What is asked for comes along with the page, or from an address.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function asked(form) {
  if (form.dataset.passkeyOptions) {
    return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent).publicKey;
  }
  const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return (await answer.json()).request_options.publicKey;
}

async function shown(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    ...about(found),
    response: {
      clientDataJSON: words(clientDataJSON),
      authenticatorData: words(authenticatorData),
      signature: words(signature),
      userHandle: userHandle ? words(userHandle) : null,
    },
  };
}

async function made(options) {
  const found = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
      authenticatorSelection: {
        ...options.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
  const { clientDataJSON, attestationObject } = found.response;
  return {
    ...about(found),
    response: {
      clientDataJSON: words(clientDataJSON),
      attestationObject: words(attestationObject),
      transports: found.response.getTransports?.() ?? [],
    },
  };
}

const about = (found) => ({
  id: found.id,
  rawId: words(found.rawId),
  type: found.type,
  authenticatorAttachment: found.authenticatorAttachment,
  clientExtensionResults: found.getClientExtensionResults(),
});

const REASONS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "address" };

function failed(error) {
  const reason = REASONS[error.name] ?? "other";
  const said = document.querySelector("[data-passkey-failed]");
  said.textContent = document.querySelector(`template[data-passkey-words="${reason}"]`).content.textContent.trim();
  said.hidden = false;
}

async function send(form) {
  try {
    const options = await asked(form);
    const credential = form.dataset.passkey === "create" ? await made(options) : await shown(options);
    form.elements.namedItem("credential").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    failed(error);
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (window.PublicKeyCredential) {
      send(form);
    } else {
      failed({ name: "SecurityError" });
    }
  });
}
