/** The group of `place` and those above it, of tenant $1, in a recursive `with`: `up` is 0 for the place's own. */
export const chainOf = (place: string) => `
  select g.group_id, g.parent_group_id, 0 as up
  from ${place} p join groups g on g.tenant_id = $1::uuid and g.group_id = p.group_id
  union all
  select g.group_id, g.parent_group_id, below.up + 1
  from chain below join groups g on g.tenant_id = $1::uuid and g.group_id = below.parent_group_id
  where below.up < 50`;

/** What counts in `place` (group_id, class_id, tool_id), of tenant $1, as `PlacedSetting`s. */
export const settingsOf = (place: string, chain: string) => `
  select s.module, s.enabled, s.config, s.locked, coalesce(50 - c.up, 0) as depth,
    case when s.tool_id is not null then 'tool' when s.class_id is not null then 'class'
      when s.group_id is not null then 'group' else 'global' end as level
  from ${place} p join module_settings s on s.tenant_id = $1::uuid
  left join ${chain} c on c.group_id = s.group_id
  where (s.group_id is null or c.group_id is not null)
    and (s.class_id is null or s.class_id = p.class_id) and (s.tool_id is null or s.tool_id = p.tool_id)`;
