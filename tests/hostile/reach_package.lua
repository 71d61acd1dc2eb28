-- the loader
-- load: unknown word `package`
-- asked: unknown word `package`
package.loadlib("libc.so.6", "system")
