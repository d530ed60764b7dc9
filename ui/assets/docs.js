// Puts Swagger UI in the place of the list of operations.
const place = document.getElementById("operations");
const show = globalThis.SwaggerUIBundle;
if (place !== null && typeof show === "function") {
  const list = [...place.childNodes];
  show({
    url: "/openapi.json",
    domNode: place,
    deepLinking: true,
    // Nothing is loaded from elsewhere.
    validatorUrl: null,
    tryItOutEnabled: false,
    onFailure: () => place.replaceChildren(...list),
  });
}
