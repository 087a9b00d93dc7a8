// How figures are shown: a unit that people read, and as many digits as make sense.
const SHOWN = {
  bw_bytes: { scale: 8e-9, unit: "Gb/s", title: "Throughput" },
  iops: { scale: 1, unit: "1/s", title: "IOPS" },
  clat_mean: { scale: 1e-3, unit: "µs", title: "Latency, mean" },
  clat_p50: { scale: 1e-3, unit: "µs", title: "Latency, median" },
  clat_p99: { scale: 1e-3, unit: "µs", title: "Latency, 99th percentile" },
  cpu_utilization: { scale: 100, unit: "%", title: "CPU busy" },
  cycles_per_io: { scale: 1, unit: "cycles", title: "Cycles per I/O" },
  cycles_per_byte: { scale: 1, unit: "cycles", title: "Cycles per byte" },
  cycles_saved: { scale: 1, unit: "%", title: "Cycles saved per I/O" },
  throughput_ratio: { scale: 1, unit: "×", title: "Throughput, over the baseline's" },
  latency_p50_ratio: { scale: 1, unit: "×", title: "Median latency, over the baseline's" },
  latency_p99_ratio: { scale: 1, unit: "×", title: "99th percentile, over the baseline's" },
  placed_fraction: { scale: 100, unit: "%", title: "Payload placed by the NIC" },
  crc_offloaded_fraction: { scale: 100, unit: "%", title: "PDUs verified by the NIC" },
  resync_requests: { scale: 1, unit: "", title: "Resync requests" },
  resync_responses: { scale: 1, unit: "", title: "Resyncs confirmed" },
  c2h_retransmits: { scale: 1, unit: "segments", title: "Retransmissions" },
};

function shown(metric) {
  return SHOWN[metric.name] || { scale: 1, unit: metric.unit, title: metric.doc[0].toUpperCase() + metric.doc.slice(1) };
}

function digits(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const places = size >= 1000 || Number.isInteger(value) ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
  return value.toLocaleString("en-US", { maximumFractionDigits: size >= 1e15 ? 0 : places });
}

// For the side of a chart: 150k, 2M.
function short(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return digits(value / 1e9) + "G";
  if (size >= 1e6) return digits(value / 1e6) + "M";
  if (size >= 1e4) return digits(value / 1e3) + "k";
  return digits(value);
}

function percent(value) {
  return value.toFixed(Math.abs(value) >= 99.95 || value === 0 ? 0 : 1);
}

// A figure in its own unit, for people.
function figure(metric, value) {
  if (value === null || value === undefined) return "–";
  const how = shown(metric);
  const scaled = value * how.scale;
  const text = how.unit === "%" ? percent(scaled) : digits(scaled);
  return how.unit === "" ? text : text + " " + how.unit;
}

function element(tag, attributes, ...children) {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick" || name === "onchange") out[name] = value;
    else if (value !== null && value !== undefined && value !== false) out.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) out.append(child);
  return out;
}
