# Fairlead: the hand-picked cases, one module per theme, that record.py turns into vectors
# SPDX-License-Identifier: Apache-2.0
