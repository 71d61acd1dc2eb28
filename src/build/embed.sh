#!/bin/sh
# embed.sh - writes a C file that holds the named text files, for embedded_text().
set -eu

echo '/* Made by src/build/embed.sh. */'
echo '#include "embedded.h"'
echo '#include "buf.h"'
number=0
for file in "$@"; do
    number=$((number + 1))
    echo "static const char file_$number[] = {"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo '0};'
done
cat <<'END'
struct embedded_file {
    const char *path;
    struct spurn_text text;
};
static const struct embedded_file files[] = {
END
number=0
for file in "$@"; do
    number=$((number + 1))
    echo "    {\"$file\", {file_$number, sizeof file_$number - 1}},"
done
cat <<'END'
};

struct spurn_text embedded_text(const char *path)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (text_is(text_of(path), files[i].path))
            return files[i].text;
    return TEXT_ABSENT;
}
END
