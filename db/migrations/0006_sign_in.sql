-- What the sign-in page may know before anybody has signed in: the name behind a utility's code.

create function sign_in_utility(utility_code text)
  returns table (code text, name text)
  language sql stable security definer set search_path = public, pg_temp
as $$
  select u.code, u.name from utility u where u.code = $1
  union all
  select min(u.code), min(u.name) from utility u where $1 is null having count(*) = 1
$$;
comment on function sign_in_utility is 'The utility of a code; for null the only utility there is, or no row when there are several.';

grant create on schema public to kenshin_lookup;
alter function sign_in_utility owner to kenshin_lookup;
revoke create on schema public from kenshin_lookup;
revoke execute on function sign_in_utility from public;
grant execute on function sign_in_utility to kenshin_app;
