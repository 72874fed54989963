namespace Castalia.Forward;

/// <summary>Something that looks at the activations as they pass: they are gone afterwards.</summary>
interface IBlockObserver
{
    /// <summary>One block has done one chunk.</summary>
    /// <param name="layer">Block index from 0.</param>
    /// <param name="chunk">Which tokens.</param>
    /// <param name="activations">Every site, valid during the call only.</param>
    void Seen(int layer, Chunk chunk, BlockActivations activations);
}
