// Swagger UI over the service's own description.

const { description } = JSON.parse(document.getElementById("api-settings").textContent);

window.SwaggerUIBundle({
  domNode: document.getElementById("api"),
  url: description,
  // Its validator is a service elsewhere.
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
});
