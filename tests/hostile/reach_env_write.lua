-- a word of the environment, replaced
-- load: assigned to without `local`
-- asked: assigned to without `local`
function print() end
keep = 1
