// Puts the page together and keeps its parts in step.
function option(value, text, chosen) {
  return element("option", { value, selected: value === chosen }, text);
}

function picker(label, values, chosen, change) {
  const box = element("select", { onchange: (event) => change(Number(event.target.value)) },
    values.map(([value, text]) => option(value, text, chosen)));
  return element("label", {}, element("span", {}, label), box);
}

function drawControls() {
  const axes = DATA.axes.map((axis, index) => [index, axis.name]);
  const several = axes.filter(([index]) => DATA.axes[index].labels.length > 1);
  const controls = [];
  if (several.length > 1) {
    controls.push(picker("along", several, view.x, (axis) => {
      if (axis === view.split) view.split = view.x;
      view.x = axis;
      drawAll();
    }));
    controls.push(picker("by", [[-1, "nothing"], ...several.filter(([axis]) => axis !== view.x)], view.split, (axis) => {
      view.split = axis;
      drawAll();
    }));
  }
  DATA.axes.forEach((axis, index) => {
    if (index === view.x || index === view.split || axis.labels.length < 2) return;
    controls.push(picker(axis.name, axis.labels.map((label, at) => [at, label]), view.held[index], (value) => {
      view.held[index] = value;
      const cell = cellAt.get(view.held.join());
      if (cell !== undefined) view.cell = cell;
      drawAll();
    }));
  });
  document.getElementById("controls").replaceChildren(...controls);
  document.getElementById("controls").hidden = controls.length === 0;
}

function card(value, label, more) {
  return element("div", { class: "card number" }, element("strong", {}, value), element("span", {}, label), more ? element("small", {}, more) : null);
}

// The extreme mean of a figure over all cells and the given runs.
function extreme(metric, runs, better) {
  let best = null;
  DATA.cells.forEach((_, cell) => {
    for (const run of runs) {
      const found = statistic(cell, run, metric);
      if (!found || found.mean === null) continue;
      if (best === null || better(found.mean, best.mean)) best = { mean: found.mean, cell, run };
    }
  });
  return best;
}

function drawHeadline() {
  const total = DATA.points.done + DATA.points.failed + DATA.points.missing;
  const cards = [card(`${DATA.points.done} of ${total}`, "points", `${DATA.runs.length} runs each: ${DATA.runs.join(", ")}`)];
  const real = comparedRuns.filter((run) => modeOf(run) !== "skip");
  const add = (metric, runs, better, label) => {
    const found = extreme(METRIC[metric], runs, better);
    if (found) cards.push(card(figure(METRIC[metric], found.mean), label, `${DATA.runs[found.run]}, ${cellName(found.cell)}`));
  };
  const more = (a, b) => a > b, less = (a, b) => a < b;
  add("cycles_saved", real, more, "most cycles saved");
  add("cycles_saved", real, less, "least cycles saved");
  add("throughput_ratio", real, more, "best throughput, over " + baseline);
  add("placed_fraction", DATA.runs.map((_, run) => run).filter((run) => modeOf(run).includes("ddp")), less, "least payload placed");
  document.getElementById("headline").replaceChildren(...cards);
}

function drawAlert() {
  const { failed, missing, done } = DATA.points;
  if (failed + missing === 0) return;
  const words = [failed > 0 ? `${failed} failed` : "", missing > 0 ? `${missing} missing` : ""].filter(Boolean).join(", ");
  document.getElementById("alert").replaceChildren(element("div", { class: "alert", role: "alert" },
    element("h2", {}, `This sweep is not whole: ${done} of ${done + failed + missing} points are there, ${words}.`),
    element("p", {}, "Means that lack a point are not shown. ", element("code", {}, "ddpsim sweep … --resume"), " tries again."),
    failed === 0 ? null : element("ul", {}, DATA.failed.slice(0, 20).map((point) => element("li", {},
      element("button", { type: "button", class: "link", onclick: () => choose(point.cell, true) }, cellName(point.cell)), ": " + point.reason)),
    DATA.failed.length > 20 ? element("li", {}, `and ${DATA.failed.length - 20} more`) : null)));
}

function drawHead() {
  document.getElementById("title").textContent = DATA.name;
  document.getElementById("description").textContent = DATA.description;
  const axes = DATA.axes.map((axis) => `${axis.labels.length} × ${axis.name}`).join(", ");
  document.getElementById("facts").textContent = `${axes}; ${DATA.repetitions} ${DATA.repetitions > 1 ? "repetitions, whiskers are 95 % intervals" : "repetition"}; ` +
    `ddpsim ${DATA.version}, model ${DATA.model_version}`;
  document.getElementById("saving-note").textContent = `Busy cycles per I/O that a mode saves against ${baseline}, in percent.`;
}

function drawAll() {
  drawControls();
  drawHeatmaps();
  drawCharts();
  drawBreakdown();
  drawDetail();
}

function choose(cell, jump) {
  select(cell);
  drawAll();
  if (jump) document.getElementById("point").scrollIntoView({ behavior: "smooth", block: "start" });
}

const THEMES = ["auto", "light", "dark"];
function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = { auto: "◐ auto", light: "☀ light", dark: "☾ dark" }[theme];
}

function start() {
  let theme = "auto";
  setTheme(theme);
  document.getElementById("theme").onclick = () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    setTheme(theme);
    drawAll();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Paper is white.
  addEventListener("beforeprint", () => { setTheme("light"); drawAll(); });
  addEventListener("afterprint", () => { setTheme(theme); drawAll(); });
  let width = innerWidth, waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 100);
  });
  chooseAxes();
  drawHead();
  drawAlert();
  drawHeadline();
  drawAll();
  document.documentElement.dataset.ready = "yes";
}

start();
