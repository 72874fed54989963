namespace Castalia.Tokens;

/// <summary>Two neighbouring symbols and what they become.</summary>
/// <param name="Left">Id of the first.</param>
/// <param name="Right">Id of the second.</param>
/// <param name="Whole">Id of the piece that is the second behind the first.</param>
readonly record struct BpeMerge(int Left, int Right, int Whole);
