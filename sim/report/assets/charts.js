// Line charts by uPlot: values in plan order along x, a line per mode (or per value of the split axis), whiskers for 95 %
// intervals.
const CHARTS = {
  saving: ["cycles_saved", "cycles_per_io", "cycles_per_byte"],
  speed: ["bw_bytes", "clat_p50", "clat_p99"],
  offload: ["placed_fraction", "crc_offloaded_fraction", "resync_requests", "c2h_retransmits"],
};
const MODE_COLORS = { software: 0, crc: 1, ddp: 2, "ddp+crc": 3, skip: 4 };
const MOST_PANELS = 3;
let drawn = [];

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function runColor(run) {
  const known = MODE_COLORS[modeOf(run)];
  const sameMode = DATA.runs.length > Object.keys(MODE_COLORS).length;
  return css("--line-" + ((known === undefined || sameMode ? run : known) % 8));
}

function rampColor(index, count) {
  return css("--ramp-" + Math.round((index * 7) / Math.max(1, count - 1)));
}

// Whether a run can have anything else than nothing of this figure.
function applies(metric, run) {
  const mode = modeOf(run);
  if (metric.name === "cycles_saved") return mode !== baseline;
  if (metric.name === "placed_fraction") return mode.includes("ddp");
  if (metric.name === "crc_offloaded_fraction") return mode.includes("crc");
  if (metric.name.startsWith("resync")) return mode.includes("ddp") || mode.includes("crc");
  return true;
}

// [{title, lines: [{label, color, cells: [cell per x], run}]}]
function panelsFor(metric) {
  const runs = DATA.runs.map((_, run) => run).filter((run) => applies(metric, run));
  const xs = DATA.axes[view.x].labels.map((_, x) => x);
  const splits = splitValues();
  const line = (run, split, label, color) => ({ label, color, run, cells: xs.map((x) => lookUp(x, split)) });
  if (splits.length <= MOST_PANELS) {
    return splits.map((split) => ({
      title: splitLabel(split),
      lines: runs.map((run) => line(run, split, DATA.runs[run], runColor(run))),
    }));
  }
  return runs.map((run) => ({
    title: DATA.runs[run],
    lines: splits.map((split, i) => line(run, split, splitLabel(split), rampColor(i, splits.length))),
  }));
}

function valuesOf(line, metric) {
  const scale = shown(metric).scale;
  const all = line.cells.map((cell) => statistic(cell, line.run, metric));
  const pick = (key) => all.map((one) => (one && one[key] !== null && one[key] !== undefined ? one[key] * scale : null));
  return { mean: pick("mean"), low: pick("low"), high: pick("high") };
}

function whiskers(values) {
  return (plot) => {
    const context = plot.ctx, ratio = uPlot.pxRatio, cap = 3 * ratio;
    context.save();
    context.lineWidth = ratio;
    values.forEach((line, index) => {
      if (!plot.series[index + 1].show) return;
      context.strokeStyle = line.color;
      context.beginPath();
      line.mean.forEach((mean, x) => {
        if (mean === null || line.low[x] === null) return;
        const at = plot.valToPos(x, "x", true);
        const top = plot.valToPos(line.high[x], "y", true), end = plot.valToPos(line.low[x], "y", true);
        context.moveTo(at, top); context.lineTo(at, end);
        context.moveTo(at - cap, top); context.lineTo(at + cap, top);
        context.moveTo(at - cap, end); context.lineTo(at + cap, end);
      });
      context.stroke();
    });
    context.restore();
  };
}

// Where the selected point stands.
function marker(panel) {
  return (plot) => {
    const x = DATA.cells[view.cell] ? DATA.cells[view.cell].at[view.x] : -1;
    if (!panel.lines.some((line) => line.cells[x] === view.cell)) return;
    const at = plot.valToPos(x, "x", true), context = plot.ctx;
    context.save();
    context.fillStyle = css("--mark");
    context.fillRect(at - 9 * uPlot.pxRatio, plot.bbox.top, 18 * uPlot.pxRatio, plot.bbox.height);
    context.restore();
  };
}

// {range, log}: logarithmic where the figures span more than a factor of 20, as latencies over block sizes do.
function scaleOf(numbers, metric) {
  const least = Math.min(...numbers), most = Math.max(...numbers);
  if (least > 0 && most / least > 20 && shown(metric).unit !== "%") return { log: true, range: [least / 1.3, most * 1.3] };
  return { log: false, range: linearRange(numbers, metric) };
}

// 1, 2, 5, 10, ... within the range.
function logSplits([least, most]) {
  const out = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power += 1) {
    for (const step of most / least > 1000 ? [1] : [1, 2, 5]) out.push(step * 10 ** power);
  }
  return out.filter((value) => value >= least && value <= most);
}

function linearRange(numbers, metric) {
  const low = Math.min(0, ...numbers), high = Math.max(0, ...numbers);
  if (shown(metric).unit === "%" && metric.name.endsWith("fraction")) return [0, 102];
  const room = (high - low || 1) * 0.06;
  return [low < 0 ? low - room : 0, high + room];
}

function chartOptions(panel, metric, values, { range, log }, width) {
  const labels = DATA.axes[view.x].labels;
  const grid = { stroke: css("--grid"), width: 1 };
  const axis = { stroke: css("--faint"), grid, ticks: grid, font: "12px system-ui, sans-serif" };
  // As many labels as fit.
  const every = Math.ceil(labels.length / Math.max(1, Math.floor((width - 56) / (6 + 6.8 * Math.max(...labels.map((l) => l.length))))));
  return {
    width, height: 236, ms: 1, padding: [10, 12, 0, 0],
    scales: { x: { time: false, range: [-0.3, labels.length - 0.7] }, y: { range, distr: log ? 3 : 1 } },
    legend: { live: true, markers: { width: 0, fill: (_, i) => (i > 0 ? values[i - 1].color : "transparent") } },
    cursor: { points: { size: 7 }, drag: { x: false, y: false }, dataIdx: (_, __, at) => at },
    axes: [
      { ...axis, splits: labels.map((_, i) => i), values: (_, at) => at.map((i) => (i % every === 0 ? labels[i] : "")), size: 34 },
      { ...axis, size: 50, values: (_, at) => at.map(short), ...(log ? { splits: () => logSplits(range), filter: (_, at) => at } : {}) },
    ],
    series: [
      { label: DATA.axes[view.x].name, value: (_, x) => (x === null || x === undefined ? "" : labels[x]) },
      ...values.map((line) => ({
        label: line.label, stroke: line.color, width: 2, spanGaps: false,
        points: { show: true, size: 6, fill: line.color, stroke: line.color },
        value: (_, value) => (value === null || value === undefined ? "–" : digits(value)),
      })),
    ],
    hooks: { drawClear: [marker(panel)], draw: [whiskers(values)] },
  };
}

function drawPanel(panel, metric, scale, width) {
  const values = panel.lines.map((line) => ({ ...valuesOf(line, metric), label: line.label, color: line.color }));
  const xs = DATA.axes[view.x].labels.map((_, x) => x);
  const filled = values.reduce((sum, line) => sum + line.mean.filter((value) => value !== null).length, 0);
  const box = element("div", { class: "plot" });
  const figureBox = element("figure", { class: "card", "data-chart": metric.name + " " + panel.title, "data-points": filled },
    panel.title === "" ? null : element("figcaption", {}, panel.title), box);
  const draw = () => {
    const plot = new uPlot(chartOptions(panel, metric, values, scale, width), [xs, ...values.map((line) => line.mean)], box);
    plot.over.addEventListener("click", () => {
      const cells = panel.lines.map((line) => line.cells[plot.cursor.idx]).filter((cell) => cell !== undefined);
      if (cells.length > 0) choose(cells.includes(view.cell) ? view.cell : cells[0], false);
    });
    drawn.push(plot);
  };
  return [figureBox, draw];
}

function drawCharts() {
  for (const plot of drawn) plot.destroy();
  drawn = [];
  const wide = document.querySelector("main").clientWidth - 2 * parseFloat(getComputedStyle(document.querySelector("main")).paddingLeft);
  for (const [place, names] of Object.entries(CHARTS)) {
    const blocks = [], later = [];
    for (const name of names) {
      const metric = METRIC[name];
      const panels = panelsFor(metric);
      if (panels.length === 0 || panels.every((panel) => panel.lines.length === 0)) continue;
      const lines = panels.flatMap((panel) => panel.lines.map((line) => valuesOf(line, metric)));
      const numbers = lines.flatMap((line) => [...line.mean, ...line.low, ...line.high]).filter((value) => value !== null);
      const how = shown(metric);
      if (numbers.every((value) => value === 0)) {
        const what = numbers.length === 0 ? "no figures here" : "0 in all points of these axes";
        blocks.push(element("p", { class: "note" }, element("b", {}, how.title), ": " + what + "."));
        continue;
      }
      // On a phone one panel and a bit of the next, which scrolls into view.
      const columns = wide < 620 ? (panels.length > 1 ? 1 / 0.92 : 1) : Math.min(panels.length, wide < 900 ? 2 : MOST_PANELS);
      const width = Math.floor((wide - 16 * (Math.ceil(columns) - 1)) / columns) - 26;
      const figures = panels.map((panel) => drawPanel(panel, metric, scaleOf(numbers, metric), width));
      figures.forEach(([, draw]) => later.push(draw));
      blocks.push(element("div", { class: "block" },
        element("h3", {}, how.title, element("small", {}, [how.unit, "over " + DATA.axes[view.x].name].filter(Boolean).join(", "))),
        element("div", { class: "panels", style: wide < 620 ? null : `grid-template-columns:repeat(${columns},1fr)` }, figures.map(([box]) => box))));
    }
    document.getElementById(place).replaceChildren(...blocks);
    later.forEach((draw) => draw());
  }
}
