-- Executions from before are found by their repository as those that come now (db/schema.md).
insert or ignore into run_facet (backend, pairs)
select distinct backend, iif(
  request ->> '$.repo' > '',
  json_array(json_array('repo', request ->> '$.org'), json_array('repo', request ->> '$.org' || '/' || (request ->> '$.repo'))),
  json_array(json_array('repo', request ->> '$.org'))
)
from run where backend = 'prow' and request ->> '$.org' > '';

update run set facet = (
  select id from run_facet
  where run_facet.backend = run.backend and pairs = iif(
    run.request ->> '$.repo' > '',
    json_array(json_array('repo', run.request ->> '$.org'), json_array('repo', run.request ->> '$.org' || '/' || (run.request ->> '$.repo'))),
    json_array(json_array('repo', run.request ->> '$.org'))
  )
)
where backend = 'prow';
