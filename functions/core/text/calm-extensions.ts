/**
 * Extensions whose functions compute from the values that they are given and from nothing else: no
 * argument names a relation, a statement or a server. Not among them: dblink, tablefunc (crosstab, connectby), xml2
 * (xpath_table), amcheck, pgstattuple, and whatever is not known here. Of PostGIS only what is no PL/pgSQL
 * (ST_FindExtent builds a statement), which is asked for beside this list.
 * https://www.postgresql.org/docs/current/contrib.html
 * https://postgis.net/docs/reference.html
 */
export const calmExtensions = [
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "postgis",
  "seg",
  "unaccent",
  "uuid-ossp",
  "vector",
] as const;
