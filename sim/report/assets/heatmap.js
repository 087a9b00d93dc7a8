// Heat maps: one table per compared mode, x across, split down, coloured by the figure. Tables, so that screen readers,
// printers and copy and paste have the figures too.
function mix(from, to, share) {
  return from.map((channel, i) => Math.round(channel + (to[i] - channel) * share));
}

function cssColor(name) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

function luminance(color) {
  const [r, g, b] = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function heatStyle(value, most) {
  if (value === null || most <= 0) return "";
  const share = Math.min(1, Math.abs(value) / most);
  const color = mix(cssColor("--heat-zero"), cssColor(value < 0 ? "--heat-minus" : "--heat-plus"), share);
  const ink = luminance(color) > 0.36 ? "#10151c" : "#ffffff";
  return `background:rgb(${color.join()});color:${ink}`;
}

function heatCell(run, metric, x, split, most) {
  const cell = lookUp(x, split);
  if (cell === undefined) return element("td", { class: "none", title: "not in the sweep" });
  const found = statistic(cell, run, metric);
  const value = found ? found.mean : null;
  const how = shown(metric);
  const text = value === null ? "–" : how.unit === "%" ? percent(value * how.scale) : digits(value * how.scale);
  const name = cellName(cell) + ": " + (value === null ? `${found ? found.n : 0} of ${found ? found.of : 0} points` : figure(metric, value));
  return element("td", { style: heatStyle(value, most) }, element("button", {
    type: "button", title: name, "aria-label": name, class: cell === view.cell ? "here" : null,
    onclick: () => choose(cell, true),
  }, text));
}

function heatTable(run, metric, most) {
  const xAxis = DATA.axes[view.x];
  const words = view.split < 0 ? [xAxis.name] : [...DATA.axes[view.split].labels, DATA.axes[view.split].name + xAxis.name];
  const width = Math.min(150, 26 + 7 * Math.max(...words.map((word) => word.length)));
  const head = element("tr", {}, element("th", { style: `width:${width}px` }, view.split < 0 ? xAxis.name : `${DATA.axes[view.split].name} \\ ${xAxis.name}`),
    xAxis.labels.map((label) => element("th", { scope: "col" }, label)));
  let filled = 0;
  const rows = splitValues().map((split) => element("tr", {},
    element("th", { scope: "row" }, view.split < 0 ? "" : DATA.axes[view.split].labels[split]),
    xAxis.labels.map((_, x) => {
      const found = statistic(lookUp(x, split), run, metric);
      if (found && found.mean !== null) filled += 1;
      return heatCell(run, metric, x, split, most);
    })));
  return element("figure", { class: "card", "data-chart": "heatmap " + DATA.runs[run], "data-points": filled },
    element("figcaption", {}, element("i", { class: "dot", style: "background:" + runColor(run) }), DATA.runs[run]),
    element("div", { class: "scroll" }, element("table", { class: "heat" }, element("thead", {}, head), element("tbody", {}, rows))));
}

function drawHeatmaps() {
  const place = document.getElementById("heatmaps");
  const metric = METRIC.cycles_saved;
  const runs = comparedRuns.length > 0 ? comparedRuns : DATA.runs.map((_, run) => run);
  let most = 0;
  for (const run of runs) {
    DATA.cells.forEach((_, cell) => {
      const found = statistic(cell, run, metric);
      if (found && found.mean !== null) most = Math.max(most, Math.abs(found.mean));
    });
  }
  place.replaceChildren(...runs.map((run) => heatTable(run, metric, most)));
}
