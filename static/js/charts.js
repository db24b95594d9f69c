// <plot-figure>: draws the figure in its data-figure attribute with plotly, when it comes into view.
// Colours arrive as var(--token) and are resolved here, since plotly can't read custom properties.
const source = () => document.querySelector('meta[name="plotly-src"]').content;
let loading;
const plotly = () => (loading ??= new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement("script"), { src: source(), onerror: reject });
  script.onload = () => resolve(window.Plotly);
  document.head.append(script);
}));

const resolved = (value, probe) => {
  if (Array.isArray(value)) return value.map((item) => resolved(item, probe));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, probe)]));
  }
  if (typeof value !== "string" || !value.startsWith("var(")) return value;
  probe.style.color = value;
  return getComputedStyle(probe).color;
};

class PlotFigure extends HTMLElement {
  connectedCallback() {
    this.seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { this.seen.disconnect(); this.draw(); }
    }, { rootMargin: "400px" });
    this.seen.observe(this);
    this.repaint = () => this.plot && this.draw();
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", this.repaint);
    this.theme = new MutationObserver(this.repaint);
    this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.sized = new ResizeObserver(() => {
      if (this.plot && Math.abs(this.clientWidth - this.drawnWidth) > 1) this.draw();
    });
    this.sized.observe(this);
  }

  disconnectedCallback() {
    for (const observer of [this.seen, this.theme, this.sized]) observer.disconnect();
    this.dark.removeEventListener("change", this.repaint);
    if (this.plot) window.Plotly.purge(this.plot);
    this.plot = null;
  }

  async draw() {
    try {
      const [Plotly] = await Promise.all([plotly(), document.fonts.ready]);
      if (!this.isConnected) return;
      const narrow = this.clientWidth < 480 && this.dataset.figureNarrow;
      const probe = document.createElement("span");
      this.append(probe);
      const { data, layout } = resolved(JSON.parse(narrow ? this.dataset.figureNarrow : this.dataset.figure), probe);
      probe.remove();
      layout.font = { ...layout.font, family: getComputedStyle(this).fontFamily };
      layout.width = this.drawnWidth = this.clientWidth;
      layout.transition = { duration: 0 };
      if (!this.plot) { this.plot = document.createElement("div"); this.replaceChildren(this.plot); }
      await Plotly.react(this.plot, data, layout, { displayModeBar: false, scrollZoom: false, doubleClick: false });
      for (const svg of this.plot.querySelectorAll(".main-svg")) {
        svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      }
      this.dataset.state = "ready";
    } catch {
      this.dataset.state = "failed";
      this.replaceChildren(Object.assign(document.createElement("p"), { className: "chart-failed", textContent: this.dataset.failed }));
      this.closest("figure")?.querySelector("details")?.setAttribute("open", "");
    }
  }
}
customElements.define("plot-figure", PlotFigure);
