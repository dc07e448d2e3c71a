# Writes the manifest as one C++ raw string, so that a plugin carries it inside.
file(READ ${IN} text)
file(WRITE ${OUT} "#pragma once\n\ninline constexpr char kManifest[] = R\"~manifest~(${text})~manifest~\";\n")
