import { ListTagsForResourceCommand, type RDSClient } from "@aws-sdk/client-rds";

/** The tags of one resource and of nothing that it lies in. */
export async function tagsAt(client: RDSClient, arn: string): Promise<Readonly<Record<string, string>>> {
  const { TagList = [] } = await client.send(new ListTagsForResourceCommand({ ResourceName: arn }));
  return Object.fromEntries(TagList.flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? ""]] : [])));
}
