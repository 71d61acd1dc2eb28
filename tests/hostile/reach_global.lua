-- a global that another policy could see
-- load: assigned to without `local`
-- asked: assigned to without `local`
leaked = 'x'
