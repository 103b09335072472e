/**
 * Functions of MySQL and MariaDB that only compute. Whatever else is called could be the application's own, which
 * MariaDB runs while it explains (seen on 10.11: a deterministic function with constant arguments), or one that
 * waits, locks or reads files. NAME_CONST gives a constant alone: what a stored program was given, as MariaDB writes it.
 */
export const computingFunctions: ReadonlySet<string> = new Set(
  `abs acos adddate addtime any_value ascii asin atan atan2 avg bin bit_and bit_count bit_length bit_or bit_xor cast ceil
  ceiling char char_length character_length coalesce concat concat_ws conv convert convert_tz cos cot count crc32
  cume_dist curdate current_date current_time current_timestamp curtime date date_add date_format date_sub datediff day
  dayname dayofmonth dayofweek dayofyear degrees dense_rank elt exp export_set extract field find_in_set first_value
  floor format from_base64 from_days from_unixtime get_format greatest group_concat grouping hex hour if ifnull inet_aton
  inet_ntoa inet6_aton inet6_ntoa instr interval isnull json_array json_array_append json_array_insert json_arrayagg
  json_contains json_contains_path json_depth json_exists json_extract json_insert json_keys json_length
  json_merge_patch json_merge_preserve json_object json_objectagg json_overlaps json_quote json_remove json_replace
  json_search json_set json_table json_type json_unquote json_valid json_value lag last_day last_value lcase lead least
  left length ln localtime localtimestamp locate log log10 log2 lower lpad ltrim makedate maketime match max md5
  microsecond mid min minute mod month monthname name_const nth_value ntile now nullif oct octet_length ord percent_rank
  period_add period_diff pi position pow power quarter quote radians rand rank regexp_instr regexp_like regexp_replace
  regexp_substr repeat replace reverse right round row_number rpad rtrim second sec_to_time sha sha1 sha2 sign sin soundex
  space sqrt st_contains st_distance st_distance_sphere st_geomfromtext st_intersects st_within st_x st_y std stddev
  stddev_pop stddev_samp str_to_date strcmp subdate substr substring substring_index subtime sum sysdate tan time
  time_format time_to_sec timediff timestamp timestampadd timestampdiff to_base64 to_days to_seconds trim truncate ucase
  unhex unix_timestamp upper utc_date utc_time utc_timestamp uuid_to_bin bin_to_uuid values var_pop var_samp variance week
  weekday weekofyear year yearweek`.split(/\s+/),
);

/** Words before a parenthesis that call nothing: syntax, types, index hints. */
export const syntaxBeforeParenthesis: ReadonlySet<string> = new Set(
  `all and any as between binary by case distinct div else except exists for force from group having ignore in index
  intersect is join key like limit not on or order over partition recursive regexp rlike row select set some straight_join
  then union use using when where window with xor against char decimal signed unsigned varchar datetime collate`.split(
    /\s+/,
  ),
);
