import { escapeXml } from "./aws-call.ts";

/** Each `<name>…</name>`, changed. Such elements do not nest in what RDS answers. */
export function mapElements(xml: string, name: string, change: (block: string) => string): string {
  return xml.replaceAll(new RegExp(`<${name}>[\\s\\S]*?</${name}>`, "g"), (block) => change(block));
}

export function firstElement(xml: string, name: string): string | null {
  return new RegExp(`<${name}>[\\s\\S]*?</${name}>`).exec(xml)?.[0] ?? null;
}

export function textOf(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? null;
}

/** Sets the first element of this name inside the block, or adds it; null takes it away. */
export function setElement(block: string, name: string, content: string | null): string {
  const element = content === null ? "" : `<${name}>${content}</${name}>`;
  const there = new RegExp(`<${name}/>|<${name}>[\\s\\S]*?</${name}>`);
  if (there.test(block)) return block.replace(there, () => element);
  return block.replace(/<\/\w+>$/, (end) => `${element}${end}`);
}

export function elements(values: ReadonlyMap<string, string>): string {
  return [...values].map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join("");
}
