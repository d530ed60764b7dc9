-- Tests from before are found by suite and architecture as those that come now (db/schema.md).
insert or ignore into run_facet (backend, pairs)
select distinct backend, json_array(json_array('suite', request ->> '$.suite'), json_array('arch', request ->> '$.arch'))
from run where backend = 'autopkgtest' and request ->> '$.suite' > '' and request ->> '$.arch' > '';

update run set facet = (
  select id from run_facet
  where run_facet.backend = run.backend
    and pairs = json_array(json_array('suite', run.request ->> '$.suite'), json_array('arch', run.request ->> '$.arch'))
)
where backend = 'autopkgtest';
