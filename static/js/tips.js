// The line that says what a metric is: shown while its name is pointed at or has the focus, until it is left or Escape.
(() => {
  const GAP = 6;
  let shown = null;

  const tipOf = (target) => target.closest?.(".metric")?.querySelector(".tip");

  const hide = () => {
    if (shown?.matches(":popover-open")) shown.hidePopover();
    shown = null;
  };

  // Under the name, or over it where there is no room; always within the window.
  const place = (tip) => {
    const name = tip.parentElement.querySelector("a").getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - GAP;
    const below = name.bottom + GAP;
    tip.style.left = `${Math.max(GAP, Math.min(name.left, room))}px`;
    tip.style.top = `${below + height > innerHeight ? Math.max(GAP, name.top - GAP - height) : below}px`;
  };

  const show = (tip) => {
    if (tip === shown) return;
    hide();
    tip.showPopover();
    place(tip);
    shown = tip;
  };

  const enter = (event) => { const tip = tipOf(event.target); if (tip) show(tip); };
  // From the name onto its tip is no leaving, so that the tip can be pointed at; nor is what keeps the focus left.
  const leave = (event) => {
    const left = event.target.closest?.(".metric");
    if (!left || !shown || !left.contains(shown)) return;
    if (event.relatedTarget && left.contains(event.relatedTarget)) return;
    if (left.matches(":focus-within:has(:focus-visible)") && event.type === "pointerout") return;
    hide();
  };

  document.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch") enter(event); });
  document.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) enter(event); });
  document.addEventListener("pointerout", leave);
  document.addEventListener("focusout", leave);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", () => { if (shown) place(shown); }, { capture: true, passive: true });
  document.addEventListener("htmx:beforeSwap", hide);
})();
