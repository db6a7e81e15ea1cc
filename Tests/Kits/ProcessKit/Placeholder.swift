// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

