using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>Finds directions of the stream by decompositions.</summary>
/// <param name="Components">Principal components of the stream over other texts.</param>
/// <param name="Bands">Bands of a model's unembedding.</param>
sealed record DirectionFinders(FindComponents Components, Func<Checkpoint, Architecture, ITokenizer?, UnembeddingBands> Bands);
