// The reader's choice of light or dark, remembered on this machine. Loaded before the page is drawn.
(() => {
  const root = document.documentElement;
  const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = (theme) => { if (theme === "light" || theme === "dark") root.dataset.theme = theme; };
  apply(remembered());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-switch-theme]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const next = dark ? "light" : "dark";
    apply(next);
    try { localStorage.setItem("theme", next); } catch { /* not remembered, then */ }
  });
  // Another window of the same reader has switched.
  addEventListener("storage", (event) => { if (event.key === "theme") apply(event.newValue); });
})();
