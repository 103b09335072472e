import { newestOfOne } from "../faults/newest-of-one.ts";

export const scenario = newestOfOne("mariadb", {
  title: "The newest ten of one owner, by an index of owner and time: often, and well",
  index: ", KEY ix_owner_made (owner_id, made_at)",
  well: true,
});
