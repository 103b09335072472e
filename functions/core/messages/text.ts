import type { Message, MessageSection } from "../contract/message.ts";

/** The message for terminal and logs: no markup, nothing left out. */
export function renderText(message: Message): string {
  const blocks = message.sections.map(sectionText).filter((block) => block !== "");
  const buttons = message.buttons.map((button) => `[${button.label}]`).join(" ");
  return [`${message.headline} (${message.status})`, ...blocks, ...(buttons === "" ? [] : [buttons])].join(
    "\n\n",
  );
}

function sectionText(section: MessageSection): string {
  switch (section.kind) {
    case "text":
    case "note":
      return section.text;
    case "fields":
      return fieldLines(section.fields);
    case "list":
      return [`${section.title}:`, ...section.items.map((item) => `  - ${indent(item)}`)].join("\n");
    case "code":
      return `${section.title}:\n    ${indent(section.code)}`;
    default:
      return section satisfies never;
  }
}

function fieldLines(fields: readonly { label: string; value: string }[]): string {
  const width = Math.max(0, ...fields.map((field) => field.label.length));
  return fields
    .map((field) => `${`${field.label}:`.padEnd(width + 2)}${field.value.replaceAll("\n", ", ")}`)
    .join("\n");
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
