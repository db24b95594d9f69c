// What htmx leaves to the page: forms that answer as one types, focus after a swap, and requests that fail.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (form) form.requestSubmit();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const wanted = event.detail.target?.querySelector?.("[data-focus]");
  if (wanted) wanted.focus({ preventScroll: true });
  const said = event.detail.target?.querySelector?.("[data-said]");
  const live = document.getElementById("live");
  if (said && live) live.textContent = said.dataset.said;
});

const failed = () => {
  const box = document.getElementById("failed");
  if (!box) return;
  box.hidden = false;
  setTimeout(() => { box.hidden = true; }, 8000);
};
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:timeout", failed);
