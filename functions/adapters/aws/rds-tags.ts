import { ListTagsForResourceCommand, type RDSClient } from "@aws-sdk/client-rds";
import { during } from "./attempt.ts";

/** The tags of one resource and of nothing that it lies in. */
export async function tagsAt(
  client: RDSClient,
  arn: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const command = new ListTagsForResourceCommand({ ResourceName: arn });
  const { TagList = [] } = await client.send(command, during(signal));
  return Object.fromEntries(TagList.flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ""]] : [])));
}
