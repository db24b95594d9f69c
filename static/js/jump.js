// The palette: opened by Ctrl or Cmd K, moved through by arrows, left by Escape. On its own page, the key leads to the field.
(() => {
  const field = document.getElementById("jump-q");
  const dialog = document.getElementById("jump");
  if (!field) return;

  const onMac = /Mac|iPhone|iPad/.test(navigator.platform);
  if (onMac) document.querySelectorAll("[data-jump-key]").forEach((key) => { key.textContent = "⌘ K"; });

  const open = () => {
    if (!dialog) return field.focus();
    if (dialog.open) return field.select();
    dialog.showModal();
    field.select();
    field.dispatchEvent(new Event("jump-opened"));
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-jump]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  if (!dialog) return;

  const results = () => document.getElementById("jump-results");
  const landings = () => [...dialog.querySelectorAll("[data-jump-landing]")];
  let active = null;
  let goes = false; // Enter was pressed before there was an answer to what had been typed

  const choose = (landing) => {
    active?.setAttribute("aria-selected", "false");
    active = landing ?? null;
    if (!active) return field.removeAttribute("aria-activedescendant");
    active.setAttribute("aria-selected", "true");
    active.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", active.id);
  };

  const isAnswered = () => results().dataset.asked === field.value.trim();

  // What the server sends are links in groups, which they stay for those who press them.
  const show = () => {
    const found = landings();
    for (const landing of found) {
      landing.setAttribute("role", "option");
      landing.setAttribute("aria-selected", "false");
      landing.tabIndex = -1;
    }
    if (found.length) {
      results().setAttribute("role", "listbox");
      results().setAttribute("aria-label", dialog.getAttribute("aria-label"));
    }
    field.setAttribute("aria-expanded", String(found.length > 0));
    dialog.querySelector("[data-jump-said]").textContent = results().dataset.said ?? "";
    active = null;
    choose(found[0]);
    if (goes && isAnswered()) go();
  };

  const go = () => {
    goes = false;
    if (active) location.assign(active.href);
  };

  dialog.addEventListener("htmx:afterSettle", show);

  field.addEventListener("input", () => { goes = false; });
  field.addEventListener("keydown", (event) => {
    const found = landings();
    const at = found.indexOf(active);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      choose(found[(at + step + found.length) % found.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (isAnswered()) go(); else goes = true;
    }
  });

  dialog.addEventListener("pointermove", (event) => {
    const landing = event.target.closest("[data-jump-landing]");
    if (landing && landing !== active) choose(landing);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-jump-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => { goes = false; });
})();
