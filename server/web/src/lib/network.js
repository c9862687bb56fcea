// Draws nodes and edges. It is loaded when something is to be drawn: cytoscape is large.
import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";
import fcose from "cytoscape-fcose";
import { isStill, onThemeChange, theme } from "./colours.js";

cytoscape.use(dagre);
cytoscape.use(fcose);

const LABEL_WIDTH = 130;
const LARGEST = 1.3;
const SMALLEST = 0.75;
const STEP = 1.4;
const PADDING = 24;
const MOST_EDGE_LABELS = 60;
// What may stand at the end of a line, before what may begin one.
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、。・）」](?![ー、。・）」ぁぃぅぇぉっゃゅょァィゥェォッャュョ])/gu;

// Cytoscape writes styles into the page unless an element of this name is there, and the
// page's policy takes no such styles.
const STYLES = "__________cytoscape_stylesheet";

/**
 * Draws `{nodes: [{id, label, href?, kind?}], edges: [{source, target, label}]}` into an element.
 *
 * `flow` draws from left to right. Gives the cytoscape instance.
 */
export function draw(container, graph, { flow = false } = {}) {
  reserveStyles();
  const cy = cytoscape({
    container,
    elements: elements(graph),
    style: styles(graph),
    layout: { name: "preset" },
    minZoom: 0.1,
    maxZoom: 3,
    // A page scrolls over its pictures; who presses Ctrl or a button wants to see closer.
    userZoomingEnabled: false,
    autoungrabify: false,
    boxSelectionEnabled: false,
  });
  predictably(() => cy.layout(layout(graph, flow)).run());
  readable(cy);
  container.append(closer(cy));
  onThemeChange(() => cy.style(styles(graph)));
  cy.on("tap", "node[href]", ({ target }) => location.assign(target.data("href")));
  cy.on("mouseover", "node", ({ target }) => light(cy, target));
  cy.on("mouseout", "node", () => cy.elements().removeClass("faint near"));
  cy.on("mouseover", "node[href]", () => container.classList.add("over-link"));
  cy.on("mouseout", "node[href]", () => container.classList.remove("over-link"));
  container.addEventListener("wheel", (event) => zoom(cy, container, event), { passive: false });
  new ResizeObserver(() => cy.resize()).observe(container);
  container.dataset.drawn = String(cy.nodes().length);
  return cy;
}

/** Neither so large that three nodes fill all there is, nor so small that nobody can read them. */
function readable(cy) {
  if (cy.zoom() > LARGEST) {
    cy.zoom(LARGEST);
    cy.center();
  } else if (cy.zoom() < SMALLEST) {
    cy.zoom(SMALLEST);
    cy.center(cy.nodes().max((node) => node.degree()).ele);
    cy.panBy(towards(cy));
  }
}

/** How far to move a picture that is larger than its place, so that it leaves none of it empty. */
function towards(cy) {
  const { x1, x2, y1, y2 } = cy.elements().renderedBoundingBox();
  const within = (low, high, size) => {
    if (high - low < size) return (size - high - low) / 2;
    return Math.min(0, PADDING - low) || Math.max(0, size - PADDING - high);
  };
  return { x: within(x1, x2, cy.width()), y: within(y1, y2, cy.height()) };
}

/** Buttons for the mouse; the picture is nothing that a keyboard or a screen reader needs. */
function closer(cy) {
  const place = document.createElement("div");
  place.className = "zoom";
  const centre = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
  const steps = {
    "+": () => cy.zoom({ level: cy.zoom() * STEP, renderedPosition: centre() }),
    "−": () => cy.zoom({ level: cy.zoom() / STEP, renderedPosition: centre() }),
    "⤢": () => cy.fit(undefined, PADDING),
  };
  for (const [sign, step] of Object.entries(steps)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.tabIndex = -1;
    button.textContent = sign;
    button.addEventListener("click", step);
    place.append(button);
  }
  return place;
}

function reserveStyles() {
  if (document.getElementById(STYLES)) return;
  const reserved = document.createElement("template");
  reserved.id = STYLES;
  document.head.append(reserved);
}

function elements({ nodes, edges }) {
  const known = new Set(nodes.map((node) => node.id));
  const drawn = edges.filter((edge) => known.has(edge.source) && known.has(edge.target));
  // Without kinds, a picture is about its first node.
  const centre = nodes.some((node) => node.kind) ? undefined : nodes[0];
  return [
    ...nodes.map((node) => ({ data: { ...node, label: breakable(node.label) }, classes: node === centre ? "first" : "" })),
    ...merged(drawn).map((data) => ({ data })),
  ];
}

/** Several edges between two nodes are one line with all their labels. */
function merged(edges) {
  const found = new Map();
  for (const { source, target, label } of edges) {
    const key = `${source}\n${target}`;
    const labels = found.get(key)?.labels ?? new Set();
    if (label) labels.add(label);
    found.set(key, { source, target, labels });
  }
  return [...found.values()].map(({ source, target, labels }) => {
    return { source, target, label: breakable([...labels].join("\n")) };
  });
}

/** Japanese breaks between any two characters, which cytoscape is told by invisible spaces. */
function breakable(text) {
  return text.replace(JAPANESE, "$&\u200b");
}

function layout({ nodes }, flow) {
  const still = { animate: false, fit: true, padding: PADDING };
  if (flow) {
    const apart = { nodeSep: 24, rankSep: 90, edgeSep: 8, nodeDimensionsIncludeLabels: true };
    return { ...still, ...apart, name: "dagre", rankDir: "LR" };
  }
  return {
    ...still,
    name: "fcose",
    quality: "proof",
    nodeDimensionsIncludeLabels: true,
    idealEdgeLength: nodes.length > 30 ? 120 : 150,
    nodeRepulsion: 12000,
    nodeSeparation: 110,
    packComponents: true,
  };
}

/** With the same random numbers each time: the same graph is the same picture. */
function predictably(run) {
  const random = Math.random;
  let state = 20261123;
  Math.random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  try {
    run();
  } finally {
    Math.random = random;
  }
}

function styles({ edges }) {
  const { accent, accentSoft, font, ink, line, panel, second, soft } = theme();
  const text = {
    "font-family": font,
    "text-wrap": "wrap",
    "text-background-color": panel,
    "text-background-opacity": 0.85,
    "text-background-padding": "1px",
  };
  return [
    {
      selector: "node",
      style: {
        ...text,
        label: "data(label)",
        color: ink,
        "font-size": 13,
        "text-max-width": `${LABEL_WIDTH}px`,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "background-color": accent,
        "border-color": panel,
        "border-width": 2,
        width: 20,
        height: 20,
        "min-zoomed-font-size": 5,
        "transition-duration": isStill() ? 0 : 120,
        "transition-property": "opacity",
      },
    },
    { selector: "node.first", style: { "background-color": second, width: 28, height: 28, "font-weight": "bold" } },
    { selector: "node[kind = 'chokepoint']", style: { "background-color": second, width: 28, height: 28, "font-weight": "bold" } },
    { selector: "node[kind = 'actor']", style: { shape: "diamond", "background-color": soft, width: 24, height: 24 } },
    { selector: "node[kind = 'chain']", style: { shape: "round-rectangle", width: 34, height: 20 } },
    { selector: "node[kind = 'literal']", style: { shape: "round-rectangle", "background-color": accentSoft, "border-color": line } },
    {
      selector: "edge",
      style: {
        ...text,
        label: edges.length > MOST_EDGE_LABELS ? "" : "data(label)",
        color: soft,
        "font-size": 10,
        "text-max-width": "110px",
        width: 1.3,
        "line-color": line,
        "target-arrow-color": soft,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "curve-style": "bezier",
        "min-zoomed-font-size": 6,
      },
    },
    { selector: "edge.near", style: { label: "data(label)", "line-color": accent, "target-arrow-color": accent, color: ink } },
    { selector: ".faint", style: { opacity: 0.2 } },
  ];
}

function light(cy, node) {
  const near = node.closedNeighborhood();
  cy.elements().not(near).addClass("faint");
  near.edges().addClass("near");
}

function zoom(cy, container, event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const { left, top } = container.getBoundingClientRect();
  cy.zoom({
    level: cy.zoom() * Math.exp(-event.deltaY / 300),
    renderedPosition: { x: event.clientX - left, y: event.clientY - top },
  });
}
