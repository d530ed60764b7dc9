// Puts Swagger UI in the place of the list of operations, for who asks for it,
// or comes by a link to one of its operations.
const place = document.getElementById("operations");
const button = document.getElementById("swagger");

if (place !== null && button !== null) {
  button.hidden = false;
  button.addEventListener("click", open, { once: true });
  if (location.hash.startsWith("#/")) open();
}

async function open() {
  button.disabled = true;
  const list = [...place.childNodes];
  try {
    await Promise.all([loadStyle(), loadScript()]);
    globalThis.SwaggerUIBundle({
      url: "/openapi.json",
      domNode: place,
      deepLinking: true,
      // Nothing is loaded from elsewhere.
      validatorUrl: null,
      tryItOutEnabled: false,
      onFailure: () => place.replaceChildren(...list),
    });
    button.remove();
  } catch {
    button.textContent = "This server runs without it; the table has all";
  }
}

function loadStyle() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = button.dataset.style;
  // Before ours, whose colours it must not change.
  return added(link, () => document.head.prepend(link));
}

function loadScript() {
  const script = document.createElement("script");
  script.src = button.dataset.script;
  return added(script, () => document.head.append(script));
}

function added(element, add) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    add();
  });
}
