# Writes a file's bytes as one C++ array: -DIN=file -DOUT=header -DNAME=kName.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "#pragma once\n\ninline constexpr unsigned char ${NAME}[] = {\n${bytes}};\n")
