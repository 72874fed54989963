namespace Castalia.Anatomy.Spectra;

/// <summary>W_O,h·W_V,h of one query head, from stream to stream; a key/value head serves its group.</summary>
/// <param name="Head">Query head, from 0.</param>
/// <param name="Frobenius">Frobenius norm.</param>
/// <param name="Spectral">Largest singular value.</param>
readonly record struct HeadProduct(int Head, double Frobenius, double Spectral);

/// <summary>Spectra of one block.</summary>
/// <param name="Layer">Block index, from 0.</param>
/// <param name="AttnOut">Largest singular value of W_O.</param>
/// <param name="Down">Of W_down; of each expert in a mixture.</param>
/// <param name="ValueOut">Of W_O·W_V, all heads together: Σ over query heads of their products.</param>
/// <param name="ValueOutFrobenius">Frobenius norm of the same.</param>
/// <param name="Heads">Head by head.</param>
sealed record BlockSpectra(
    int Layer, SpectralNorm AttnOut, IReadOnlyList<SpectralNorm> Down, SpectralNorm ValueOut, double ValueOutFrobenius, IReadOnlyList<HeadProduct> Heads);

/// <summary>How embedding and unembedding overlap.</summary>
/// <param name="Directions">Directions on either side.</param>
/// <param name="Rows">Rows of the vocabulary counted: those of the tokenizer's ids, or all where their number is not known.</param>
/// <param name="Angles">The principal angles; undefined where the directions are not determined, because singular values beside the last of them are too close.</param>
/// <param name="Error">Bound on the sine of the angle by which either span may be off.</param>
/// <param name="IsTied">The two are one matrix: every angle is 0.</param>
sealed record EmbeddingOverlap(int Directions, int Rows, PrincipalAngles? Angles, double Error, bool IsTied)
{
    /// <summary>Above this the span is not determined, and no angle is given.</summary>
    public const double MostError = 1e-6;
}

/// <summary>What only decompositions tell.</summary>
/// <param name="Model">What the model is called.</param>
/// <param name="Blocks">Block by block.</param>
/// <param name="FoldedUnembedding">Largest singular value of W_U·diag(γ), rows of the tokenizer's ids.</param>
/// <param name="Overlap">Overlap of embedding and unembedding.</param>
sealed record SpectralAnatomy(string Model, IReadOnlyList<BlockSpectra> Blocks, SpectralNorm FoldedUnembedding, EmbeddingOverlap Overlap);
