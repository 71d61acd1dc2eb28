-- a regular expression that is large once it is compiled
-- load: name_regex
reject 'large' (name_regex(('(a{1,200}'):rep(3) .. ('){1,200}'):rep(3)))
