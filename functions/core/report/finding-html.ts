import type { ProposedAction } from "../contract/finding.ts";
import { proofFields } from "../messages/proof-fields.ts";
import { roleOf, sentence } from "../messages/wording.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import { type Html, html } from "./html.ts";
import type { RankedFinding } from "./report.ts";

const maxEvidence = 12;

export function findingHtml({ number, finding, explains, explainedBy }: RankedFinding): Html {
  const { id, severity, category, confidence, summary, evidence, actions } = finding;
  const symptom = explainedBy.length > 0;
  return html`<article class="finding ${severity}${symptom ? " symptom" : ""}" id="finding-${number}">
<h3>${number}. ${sentence(sentenceCase(summary))}</h3>
<p class="meta"><span class="pill ${severity}">${severity}</span> ${roleOf(finding)} · ${category} · ${id} · ${Math.round(confidence * 100)} % sure</p>
${listOf(
  "Evidence",
  evidence
    .slice(0, maxEvidence)
    .map(({ says, source }) => html`${says} <span class="how">(${source})</span>`),
)}
${listOf(
  "It explains",
  explains.map((one) => html`${one}`),
)}
${listOf(
  "Because of",
  explainedBy.map((one) => html`${one}`),
)}
${actions.map(actionHtml)}
</article>
`;
}

function listOf(title: string, items: readonly Html[]): Html | null {
  if (items.length === 0) return null;
  return html`<h4>${title}</h4><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function actionHtml(action: ProposedAction): Html {
  const { automatic, describes, risk, frees, preview, consequence, spec } = action;
  const who = automatic ? "Remedy the responder can carry out" : "Remedy for a person";
  const freed = frees === null ? null : html` · frees ${frees}`;
  return html`<h4>${who}</h4>
<p>${sentence(sentenceCase(describes))} <span class="how">${risk}${freed} · ${spec.join(" ")}</span></p>
<pre>${preview}</pre><p class="how">${consequence}</p>
${listOf(
  "How sure it is",
  proofFields(action).map(({ label, value }) => html`${label}: ${value}`),
)}
`;
}
