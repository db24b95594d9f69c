// <plot-figure>: draws the figure in its data-figure attribute with plotly, when it comes into view.
// Colours arrive as var(--token). Plotly can't read those, so they are resolved for it, and put back into what it drew:
// the drawing then follows the page, on paper too, where nothing could be drawn anew in time.
(() => {
  const NARROW = 480;
  // What is hidden, or squeezed while a page is laid out, has no room for its own words: it is drawn once it has.
  const LEAST = 160;
  const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };

  let loading;
  const plotly = () => (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector('meta[name="plotly-src"]').content;
    script.onload = () => {
      resolve(window.Plotly);
      // The costly part is done: what lies further down is drawn while nobody waits, and there when the page is printed.
      for (const one of document.querySelectorAll("plot-figure")) requestIdleCallback(() => one.clientWidth && one.draw());
    };
    script.onerror = () => { loading = undefined; reject(new Error(script.src)); };
    document.head.append(script);
  }));

  const resolved = (value, probe, tokens) => {
    if (Array.isArray(value)) return value.map((item) => resolved(item, probe, tokens));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, probe, tokens)]));
    }
    if (typeof value !== "string" || !value.startsWith("var(")) return value;
    probe.style.color = value;
    const { color } = getComputedStyle(probe);
    tokens.set(color, value);
    return color;
  };

  const putBack = (drawing, tokens) => {
    for (const { style } of drawing.querySelectorAll("[style]")) {
      for (const part of ["fill", "stroke"]) if (tokens.has(style[part])) style[part] = tokens.get(style[part]);
    }
  };

  customElements.define("plot-figure", class extends HTMLElement {
    connectedCallback() {
      const ending = new AbortController();
      const { signal } = ending;
      const again = () => { if (this.plot && !matchMedia("print").matches) this.attempt(() => this.paint()); };
      const seen = new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) { seen.disconnect(); this.draw(); }
      }, { rootMargin: "400px" });
      const themed = new MutationObserver(again);
      const sized = new ResizeObserver(() => {
        if (this.wanted && !this.plot) this.draw();
        else if (Math.abs(this.clientWidth - this.drawnWidth) > 1) again();
      });
      seen.observe(this);
      themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
      sized.observe(this);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again, { signal });
      this.end = () => { ending.abort(); [seen, themed, sized].forEach((observer) => observer.disconnect()); };
    }

    disconnectedCallback() {
      this.end();
      if (this.plot) window.Plotly.purge(this.plot);
      this.plot = undefined;
    }

    draw() {
      this.wanted = true;
      return this.attempt(async () => {
        await Promise.all([plotly(), document.fonts.ready]);
        if (this.isConnected && !this.plot) await this.paint();
      });
    }

    async attempt(painting) {
      try {
        await painting();
      } catch (error) {
        console.warn(error);
        this.wanted = false;
        this.dataset.state = "failed";
        const said = document.createElement("p");
        said.className = "chart-failed";
        said.textContent = this.dataset.failed;
        this.plot = undefined;
        this.replaceChildren(said);
        this.closest(".card, figure")?.querySelector("details")?.setAttribute("open", "");
      }
    }

    async paint() {
      const width = this.clientWidth;
      if (width < LEAST) return;
      const probe = document.createElement("span");
      this.append(probe);
      const figure = JSON.parse(width < NARROW ? this.dataset.figureNarrow : this.dataset.figure);
      const tokens = new Map();
      const { data, layout } = resolved(figure, probe, tokens);
      probe.remove();
      this.style.minHeight = `${layout.height}px`;
      this.drawnWidth = width;
      Object.assign(layout, { width, autosize: false, transition: { duration: 0 } });
      layout.font = { ...layout.font, family: getComputedStyle(this).fontFamily };
      if (!this.plot) {
        this.plot = document.createElement("div");
        this.replaceChildren(this.plot);
      }
      await window.Plotly.react(this.plot, data, layout, CONFIG);
      putBack(this.plot, tokens);
      // On paper the drawing is scaled, for which it needs to know its own size.
      for (const svg of this.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${width} ${layout.height}`);
      this.dataset.state = "ready";
    }
  });
})();
