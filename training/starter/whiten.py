"""Whitening of tokens, the same formula for teacher and student.

    z = W (t - mean),   W = V diag((lambda + r * average(lambda)) ** -1/2) V^T

with V, lambda the eigenvectors and eigenvalues of the covariance of patch tokens and r the regulariser (0.5): eigenvalues
are raised by a share of their mean, so that directions with hardly any variance are not blown up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

REGULARISER = 0.5


@dataclass(frozen=True)
class Whitening:
    """mean f64 [D], matrix f64 [D,D] (symmetric), inverse f64 [D,D]."""

    mean: np.ndarray
    matrix: np.ndarray
    inverse: np.ndarray

    def apply(self, tokens: np.ndarray) -> np.ndarray:
        """[..., D] -> [..., D], whitened."""
        return (tokens - self.mean) @ self.matrix.T


def fit(mean: np.ndarray, covariance: np.ndarray, regulariser: float = REGULARISER) -> Whitening:
    """From a mean [D] and a covariance [D,D]."""
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, 0) + regulariser * values.mean()
    scale = values**-0.5
    return Whitening(mean, (vectors * scale) @ vectors.T, (vectors / scale) @ vectors.T)


class Moments:
    """Running mean and covariance of tokens, accumulated in f64."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self.total = np.zeros(width)
        self.products = np.zeros((width, width))

    def add(self, tokens: np.ndarray) -> None:
        """tokens [..., D]"""
        flat = tokens.reshape(-1, tokens.shape[-1]).astype(np.float32)
        self.count += len(flat)
        self.total += flat.sum(0, dtype=np.float64)
        self.products += (flat.T @ flat).astype(np.float64)

    @property
    def mean(self) -> np.ndarray:
        return self.total / self.count

    @property
    def covariance(self) -> np.ndarray:
        mean = self.mean
        return self.products / self.count - np.outer(mean, mean)
