create index run_by_backend on run (backend, number);
