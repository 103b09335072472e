import type { Message, MessageSection } from "../contract/message.ts";
import { visible, visibleLine } from "../text/visible.ts";

/** The message for terminal and logs: no markup, nothing left out, nothing in it that a terminal obeys. */
export function renderText(message: Message): string {
  const blocks = message.sections.map(sectionText).filter((block) => block !== "");
  const buttons = message.buttons.map((button) => `[${button.label}]`).join(" ");
  const head = visibleLine(`${message.headline} (${message.status})`);
  return [head, ...blocks, ...(buttons === "" ? [] : [visibleLine(buttons)])].join("\n\n");
}

function sectionText(section: MessageSection): string {
  switch (section.kind) {
    case "text":
    case "note":
      return visible(section.text);
    case "fields":
      return fieldLines(section.fields);
    case "list":
      return [heading(section.title), ...section.items.map((item) => `  - ${indent(visible(item))}`)].join(
        "\n",
      );
    case "code":
      // Not indented: a line break may stand inside a literal, and what is copied must be the statement itself.
      return `${heading(section.title)}\n${visible(section.code)}`;
    default:
      return section satisfies never;
  }
}

function fieldLines(fields: readonly { label: string; value: string }[]): string {
  const width = Math.max(0, ...fields.map((field) => field.label.length));
  return fields
    .map(({ label, value }) => visible(`${`${label}:`.padEnd(width + 2)}${value.replaceAll("\n", ", ")}`))
    .join("\n");
}

function heading(title: string): string {
  return `${visibleLine(title)}:`;
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
