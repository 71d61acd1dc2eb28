-- a regular expression that tries everything
-- load: loads
reject 'slow' (name_regex '^(a+)+$' & name 'nothing')
