// Grids that take a piece of a spreadsheet, and forms that don't let go unseen of what was entered.
(() => {
  // Tabs between cells, a line a row; cells with line breaks stand in quotation marks, as in accounts/pasted.py.
  const cells = (text) => {
    const rows = [[]];
    const pattern = /"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*)/y;
    const left = text.replace(/\r\n?/g, "\n");
    for (let at = 0; at <= left.length; at = pattern.lastIndex + 1) {
      pattern.lastIndex = at;
      const [all, quoted, bare] = pattern.exec(left);
      pattern.lastIndex = at + all.length;
      rows.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).split(/\s+/).filter(Boolean).join(" "));
      if (left[pattern.lastIndex] === "\n") rows.push([]);
    }
    while (rows.length && !rows.at(-1).some(Boolean)) rows.pop();
    return rows;
  };

  const folded = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();
  const lines = (grid) => [...grid.querySelectorAll("tr[data-line]")];
  const inputs = (line) => [...line.querySelectorAll("input[data-cell]")];

  const fill = (grid, at, rows) => {
    const all = lines(grid);
    const line = at.closest("tr");
    const named = rows.some(([first]) => first && all.some((one) => folded(one.dataset.line) === folded(first)));
    let filled = 0;
    let unplaced = false;
    const put = (input, text) => {
      if (!text) return;
      if (!input) { unplaced = true; return; }
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      filled += 1;
    };
    const taken = new Set();
    rows.forEach((row, number) => {
      if (named) {
        const own = all.find((one) => !taken.has(one) && folded(one.dataset.line) === folded(row[0]));
        taken.add(own);
        row.slice(1).forEach((text, place) => put(own && inputs(own)[place], own ? text : ""));
      } else {
        const own = all[all.indexOf(line) + number];
        row.forEach((text, place) => put(own && inputs(own)[inputs(line).indexOf(at) + place], text));
      }
    });
    const { filledOne, filled: many, unplaced: rest } = grid.dataset;
    return [filled === 1 ? filledOne : many.replace("{count}", filled), unplaced ? rest : ""].filter(Boolean).join(" ");
  };

  document.addEventListener("paste", (event) => {
    const at = event.target.closest?.("[data-grid] input[data-cell]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const rows = at ? cells(text) : [];
    if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return;
    event.preventDefault();
    const grid = at.closest("[data-grid]");
    const said = fill(grid, at, rows);
    const place = grid.closest("form").querySelector("[data-grid-said]");
    place.hidden = false;
    place.textContent = said;
    document.getElementById("live").textContent = said;
  });

  // What was entered and not saved.
  const entered = (grid) => lines(grid).flatMap(inputs).some((input) => input.value !== input.defaultValue);
  const unsaved = () => [...document.querySelectorAll("[data-grid]")].some(entered);

  document.addEventListener("change", (event) => {
    const leaving = event.target.closest?.("form[data-leaves-grid]");
    if (!leaving || !unsaved() || confirm(leaving.dataset.leavesGrid)) return;
    event.stopImmediatePropagation();
    leaving.reset();
  }, { capture: true });

  let sending = false;
  document.addEventListener("submit", () => { sending = true; });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => { if (!sending && unsaved()) event.preventDefault(); });

  // Fields that are asked for anew: what one types into them meanwhile goes on in those that come.
  const fields = (part) => new Map([...part.querySelectorAll("input:not([type=hidden])")].map((one) => [one.name, one.value]));
  const askedWith = new WeakMap();
  document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr } }) => {
    if (target.matches("[data-keeps-typed]")) askedWith.set(xhr, fields(target));
  });
  document.addEventListener("htmx:beforeSwap", ({ detail: { target, xhr } }) => {
    const before = askedWith.get(xhr);
    if (!before) return;
    const typed = [...fields(target)].filter(([name, value]) => before.get(name) !== value);
    document.addEventListener("htmx:afterSwap", () => {
      for (const [name, value] of typed) {
        const field = document.querySelector(`#${target.id} [name="${name}"]`);
        if (field) field.value = value;
      }
    }, { once: true });
  });
})();
