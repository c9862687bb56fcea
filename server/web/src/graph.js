// Draws the graphs of a page, each when it comes into view.
// `<div data-graph="ID">` has its nodes and edges in the JSON block of that id, and
// `data-layout="flow"` draws them from left to right. The page says the same in words.

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      show(target);
    }
  },
  { rootMargin: "200px" },
);

for (const canvas of document.querySelectorAll("[data-graph]")) near.observe(canvas);

async function show(canvas) {
  canvas.setAttribute("aria-hidden", "true");
  const graph = JSON.parse(document.getElementById(canvas.dataset.graph).textContent);
  if (graph.nodes.length === 0) return;
  const { draw } = await import("./lib/network.js");
  draw(canvas, graph, { flow: canvas.dataset.layout === "flow" });
}
