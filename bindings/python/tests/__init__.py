# Fairlead: the tests of the Python binding
# SPDX-License-Identifier: Apache-2.0
"""`FAIRLEAD_LIBRARY=dist/lib python3 -m unittest discover -s bindings/python/tests -t bindings/python`"""
