// What htmx leaves to the page: forms that answer as one fills them in, focus and words after a swap, and failures.
(() => {
  const byId = (id) => document.getElementById(id);

  document.addEventListener("change", (event) => {
    event.target.closest("form[data-sends-itself]")?.requestSubmit();
  });

  // In what was swapped in: where to go on, and what to say to those who don't see it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt;
    const find = (selector) => (swapped.matches?.(selector) ? swapped : swapped.querySelector?.(selector));
    find("[data-focus]")?.focus({ preventScroll: true });
    const said = find("[data-said]");
    if (said) byId("live").textContent = said.dataset.said;
  });

  // A form that records stands in a place of its own, and closes as it came: whatever asked for it has the focus again.
  let asked;
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, target } }) => {
    if (target.id === "recording" && !target.contains(elt)) asked = elt.getAttribute("hx-get");
  });
  const close = (place) => {
    place.replaceChildren();
    const opener = [...document.querySelectorAll("[hx-get]")].find((one) => one.getAttribute("hx-get") === asked);
    // It may be in a menu that has closed.
    for (const one of [opener, opener?.closest("details")?.querySelector("summary"), byId("main")]) {
      one?.focus();
      if (one && document.activeElement === one) return;
    }
  };
  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-close]")?.closest("#recording");
    if (!place) return;
    event.preventDefault();
    close(place);
  });
  document.addEventListener("keydown", (event) => {
    const place = event.target.closest("#recording");
    if (place && event.key === "Escape") close(place);
    // In a text of several lines, Enter alone is a new line.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest(".recording form, .decision-form")?.requestSubmit();
  });

  // What is fetched anew stays as the reader had it: what was opened is open, and the focus is not lost.
  // Where it was on something that has an id, htmx gives it back itself.
  let left;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    left = {
      id: target.id,
      opened: [...target.querySelectorAll("details[id][open]")].map((one) => one.id),
      focused: target.contains(document.activeElement),
    };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!left) return;
    for (const id of left.opened) byId(id)?.setAttribute("open", "");
    if (left.focused && document.activeElement === document.body) byId(left.id)?.focus({ preventScroll: true });
  });

  // Who is no longer signed in is sent to sign in, instead of finding that page within this one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const signIn = document.querySelector('meta[name="sign-in"]').content;
    const answered = event.detail.xhr.responseURL;
    if (answered && new URL(answered).pathname === signIn) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });

  const failed = (shown) => () => { byId("failed").hidden = !shown; };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, failed(true));
  }
  document.addEventListener("htmx:afterSwap", failed(false));
  document.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss]")) failed(false)(); });

  // Menus close as menus do: by a choice, by a press beside them, and by Escape.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", ({ target }) => {
    for (const menu of openMenus()) if (!menu.contains(target) || target.closest(".menu-body a")) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
