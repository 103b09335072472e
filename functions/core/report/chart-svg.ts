import type { Chart } from "./chart.ts";
import { type Html, html } from "./html.ts";

const width = 340;
const height = 120;
const pad = { left: 8, right: 8, top: 10, bottom: 18 };

/** One metric as a line, with its threshold and its value of a day ago; colours come from the style sheet. */
export function chartSvg(chart: Chart): Html {
  const { points, threshold, dayAgo, show } = chart;
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return html``;
  const values = [
    ...points.map(({ value }) => value),
    ...[threshold, dayAgo].filter((value) => value !== null),
  ];
  const top = values.reduce((a, b) => Math.max(a, b), 0);
  const bottom = values.reduce((a, b) => Math.min(a, b), 0);
  const x = (at: number): number =>
    round(pad.left + ((at - first.at) / Math.max(1, last.at - first.at)) * (width - pad.left - pad.right));
  const y = (value: number): number =>
    round(height - pad.bottom - ((value - bottom) / (top - bottom || 1)) * (height - pad.top - pad.bottom));
  const path = points
    .map(({ at, value }, index) => `${isGap(points, index) ? "M" : "L"}${x(at)} ${y(value)}`)
    .join(" ");
  const area = piecesOf(points)
    .map((piece) => {
      const [from, to] = [piece[0]?.at ?? 0, piece.at(-1)?.at ?? 0];
      const line = piece.map(({ at, value }) => `L${x(at)} ${y(value)}`).join(" ");
      return `M${x(from)} ${y(bottom)} ${line} L${x(to)} ${y(bottom)} Z`;
    })
    .join(" ");
  const peak = points.reduce((high, { value }) => Math.max(high, value), first.value);
  return html`<figure class="chart"><figcaption><strong>${chart.title}</strong> <span>${chart.subject}</span>
<b>${show(last.value)}</b></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${chart.title} of ${chart.subject}: now ${show(last.value)}, at most ${show(peak)}">
<path class="area" d="${area}"/><path class="line" d="${path}"/>
${level(dayAgo, "day", y)}${level(threshold, "limit", y)}
<circle class="now" cx="${x(last.at)}" cy="${y(last.value)}" r="3"/>
<text x="${pad.left}" y="${height - 5}">${timeOf(first.at)}</text>
<text x="${width - pad.right}" y="${height - 5}" text-anchor="end">${timeOf(last.at)} UTC</text>
</svg><p class="how">highest ${show(peak)}${threshold === null ? null : `, alarm at ${show(threshold)}`}${
    dayAgo === null ? null : `, a day ago ${show(dayAgo)}`
  }</p></figure>
`;
}

/** Two steps of the hours before: what lies farther apart was not seen in between. */
const gapMs = 11 * 60_000;

function isGap(points: Chart["points"], index: number): boolean {
  const [before, point] = [points[index - 1], points[index]];
  return before === undefined || point === undefined || point.at - before.at > gapMs;
}

function piecesOf(points: Chart["points"]): readonly Chart["points"][] {
  const starts = points.flatMap((_, index) => (isGap(points, index) ? [index] : []));
  return starts.map((start, place) => points.slice(start, starts[place + 1]));
}

function level(value: number | null, name: string, y: (value: number) => number): Html | null {
  if (value === null) return null;
  return html`<line class="${name}" x1="${pad.left}" x2="${width - pad.right}" y1="${y(value)}" y2="${y(value)}"/>`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
