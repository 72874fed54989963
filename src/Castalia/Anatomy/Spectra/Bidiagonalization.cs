using Castalia.Untrained;

namespace Castalia.Anatomy.Spectra;

/// <summary>A·V = U·B and Aᵀ·U = V·Bᵀ + β·v·eᵀ with orthonormal U and V and an upper bidiagonal B, one step after the other.</summary>
/// <remarks>
/// Golub and Kahan 1965, every new vector made orthogonal to all before it, twice: what is left of the identities and of orthogonality is rounding.
/// So a singular triplet (σ, p, q) of B is one of A to within β·|pₖ|, which is known, not hoped for. The first vector is a seeded normal deviate.
/// </remarks>
sealed class Bidiagonalization
{
    const double Exhausted = 1e-14; // of the largest so far: rounding, no direction of its own

    readonly ILinearMap _map;
    readonly ulong _key;
    readonly List<double> _alpha = [], _beta = [];
    readonly List<double[]> _left = [], _right = [];
    double _largest;
    long _drawn;

    /// <summary>Takes the first step.</summary>
    /// <param name="map">A.</param>
    /// <param name="seed">Of the first vector.</param>
    public Bidiagonalization(ILinearMap map, ulong seed)
    {
        (_map, _key) = (map, NormalDeviates.Key(seed, "bidiagonalization"));
        _right.Add(Fresh(map.Columns, []));
        AddLeft();
        Prepare();
    }

    /// <summary>Steps taken: the order of B.</summary>
    public int Order => _alpha.Count;

    /// <summary>B holds all there is: no further step is possible.</summary>
    public bool IsWhole => Order == Math.Min(_map.Rows, _map.Columns);

    /// <summary>The diagonal of B.</summary>
    public ReadOnlySpan<double> Diagonal => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_alpha);

    /// <summary>What stands beside it; the last entry is the β of the remark.</summary>
    public ReadOnlySpan<double> Beside => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_beta);

    /// <summary>A right vector of B carried over to A.</summary>
    public double[] Right(ReadOnlySpan<double> ofB)
    {
        var v = new double[_map.Columns];
        for (int i = 0; i < ofB.Length; i++) Vectors.Add(ofB[i], _right[i], v);
        return v;
    }

    /// <summary>Takes one step more.</summary>
    public void Step()
    {
        if (IsWhole) throw new InvalidOperationException("B is whole.");
        AddLeft();
        Prepare();
    }

    /// <summary>u = A·v − β·u', α.</summary>
    void AddLeft()
    {
        double[] u = new double[_map.Rows];
        _map.Times(_right[^1], u);
        double alpha = Orthonormal(u, _left);
        _alpha.Add(alpha);
        _left.Add(alpha == 0 ? Fresh(_map.Rows, _left) : u);
        _largest = Math.Max(_largest, alpha);
    }

    /// <summary>v = Aᵀ·u − α·v', β.</summary>
    void Prepare()
    {
        if (_right.Count == _map.Columns)
        {
            _beta.Add(0);
            return;
        }
        double[] v = new double[_map.Columns];
        _map.TransposedTimes(_left[^1], v);
        double beta = Orthonormal(v, _right);
        _beta.Add(beta);
        _right.Add(beta == 0 ? Fresh(_map.Columns, _right) : v);
        _largest = Math.Max(_largest, beta);
    }

    /// <summary>Makes a vector orthogonal to others, and of length 1; the length it had, 0 where nothing was left.</summary>
    double Orthonormal(double[] x, List<double[]> others)
    {
        double before = Vectors.Norm(x);
        for (int round = 0; round < 2; round++)
            foreach (double[] other in others) Vectors.Add(-Vectors.Dot(other, x), other, x);
        double length = Vectors.Norm(x);
        if (length <= Exhausted * Math.Max(before, _largest)) return 0;
        Vectors.Scale(x, 1 / length);
        return length;
    }

    double[] Fresh(int length, List<double[]> others)
    {
        if (others.Count >= length) return new double[length]; // there is no further direction
        var x = new double[length];
        while (true)
        {
            for (int i = 0; i < length; i++) x[i] = NormalDeviates.At(_key, _drawn++);
            for (int round = 0; round < 3; round++)
            {
                foreach (double[] other in others) Vectors.Add(-Vectors.Dot(other, x), other, x);
                double left = Vectors.Norm(x);
                if (left < 1e-8) break;
                Vectors.Scale(x, 1 / left);
                if (round == 2) return x;
            }
        }
    }
}
